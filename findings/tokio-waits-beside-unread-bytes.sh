#!/usr/bin/env bash
# tokio's read waits beside bytes that are there, until more come.
#
# One would guess that AsyncRead of tokio's TcpStream and UnixStream gives whatever the socket has, and
# waits only where the socket would say EAGAIN.
#
# In fact tokio takes a read that did not fill its buffer for one that has emptied the socket, and
# waits for epoll's next edge. The kernel ends a read early at TCP's urgent byte, and where another
# process' bytes begin when SO_PASSCRED is set: then the rest lies there, poll(2) says IN, try_read()
# says WouldBlock without asking, and the task sleeps until the peer sends once more. Who waits for the
# rest of a message before he answers it waits for ever.
#
# Seen with tokio 1.48.0, Linux 6.18.44, "one" and "two" sent, a buffer of 64 bytes:
#   TCP: read: onetwo
#   TCP, an urgent byte between: read: one, read: nothing for 500 ms, try_read: WouldBlock, poll: IN
#   and then "three" is sent: read: twothree
#   UNIX: read: onetwo
#   UNIX, SO_PASSCRED, two processes: read: one, read: nothing for 500 ms, try_read: WouldBlock, poll: IN
#   and then "three" is sent: read: two
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export TMPDIR=$temp

mkdir "$temp/src"
cat >"$temp/Cargo.toml" <<'END'
[package]
name = "finding"
version = "0.0.0"
edition = "2021"

[dependencies]
tokio = { version = "=1.48.0", default-features = false, features = ["net", "rt", "time", "io-util"] }
libc = "=0.2.191"
mio = "=1.2.5"
pin-project-lite = "=0.2.18"
socket2 = "=0.6.5"
END
cat >"$temp/src/main.rs" <<'END'
use std::io::{Result, Write};
use std::net::TcpListener;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};

fn text(result: Result<usize>, buffer: &[u8]) -> String {
    match result {
        Ok(count) => String::from_utf8_lossy(&buffer[..count]).into_owned(),
        Err(error) => format!("{:?}", error.kind()),
    }
}

async fn look<S: AsyncRead + AsRawFd + Unpin>(
    what: &str,
    stream: &mut S,
    try_read: impl Fn(&S, &mut [u8]) -> Result<usize>,
    peer: &mut impl Write,
) {
    let mut buffer = [0u8; 64];
    let first = text(stream.read(&mut buffer).await, &buffer);
    print!("{what}: read: {first}");
    if first == "onetwo" {
        println!();
        return;
    }
    let limit = Duration::from_millis(500);
    match tokio::time::timeout(limit, stream.read(&mut buffer)).await {
        Ok(result) => print!(", read: {}", text(result, &buffer)),
        Err(_) => print!(", read: nothing for 500 ms"),
    }
    print!(", try_read: {}", text(try_read(stream, &mut buffer), &buffer));
    let mut poll = libc::pollfd { fd: stream.as_raw_fd(), events: libc::POLLIN, revents: 0 };
    let ready = unsafe { libc::poll(&mut poll, 1, 0) };
    println!(", poll: {}", if ready == 1 { "IN" } else { "silent" });
    peer.write_all(b"three").unwrap();
    println!("and then \"three\" is sent: read: {}", text(stream.read(&mut buffer).await, &buffer));
}

async fn tcp(what: &str, urgent: bool) {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut peer = std::net::TcpStream::connect(server.local_addr().unwrap()).unwrap();
    let (accepted, _) = server.accept().unwrap();
    accepted.set_nonblocking(true).unwrap();
    let mut stream = tokio::net::TcpStream::from_std(accepted).unwrap();
    peer.write_all(b"one").unwrap();
    if urgent {
        let byte = b"!".as_ptr() as *const libc::c_void;
        assert_eq!(1, unsafe { libc::send(peer.as_raw_fd(), byte, 1, libc::MSG_OOB) });
    }
    peer.write_all(b"two").unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    look(what, &mut stream, |stream, buffer| stream.try_read(buffer), &mut peer).await;
}

async fn unix(what: &str, two_processes: bool) {
    let (ours, mut peer) = UnixStream::pair().unwrap();
    ours.set_nonblocking(true).unwrap();
    let mut stream = tokio::net::UnixStream::from_std(ours).unwrap();
    peer.write_all(b"one").unwrap();
    if two_processes {
        let one: libc::c_int = 1;
        let on = &one as *const libc::c_int as *const libc::c_void;
        let (level, option) = (libc::SOL_SOCKET, libc::SO_PASSCRED);
        assert_eq!(0, unsafe { libc::setsockopt(stream.as_raw_fd(), level, option, on, 4) });
        let mut status = 0;
        let child = unsafe { libc::fork() };
        if child == 0 {
            let bytes = b"two".as_ptr() as *const libc::c_void;
            unsafe { libc::_exit((libc::write(peer.as_raw_fd(), bytes, 3) != 3) as i32) };
        }
        assert_eq!(child, unsafe { libc::waitpid(child, &mut status, 0) });
    } else {
        peer.write_all(b"two").unwrap();
    }
    look(what, &mut stream, |stream, buffer| stream.try_read(buffer), &mut peer).await;
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        tcp("TCP", false).await;
        tcp("TCP, an urgent byte between", true).await;
        unix("UNIX", false).await;
        unix("UNIX, SO_PASSCRED, two processes", true).await;
    });
}
END

(cd "$temp" && cargo build -q) >"$temp/cargo.log" 2>&1 || { cat "$temp/cargo.log" >&2 && exit 2; }
echo "$(uname -sr), $(cargo --version)"
"$temp/target/debug/finding" | tee "$temp/seen"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
