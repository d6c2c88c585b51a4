#!/usr/bin/env bash
# The go line of go.mod decides whether TCP_USER_TIMEOUT can be set on a listener.
#
# One would guess that net.ListenConfig.Control gets a TCP socket, and that what can be set on it
# depends on the kernel.
#
# In fact a module that says go 1.24 or later gets an MPTCP listener where the kernel has it, for
# plain TCP clients, too, and MPTCP refuses TCP_USER_TIMEOUT with ENOPROTOOPT, SO_ZEROCOPY and
# SO_PEEK_OFF with EOPNOTSUPP: the same code, toolchain and kernel listen after the line says 1.23,
# and fail after 1.24. SetMultipathTCP(false) brings the old listener back. The accepted connection of
# a plain client takes the options.
#
# Seen with Go 1.26.8, Linux 6.18.44:
#   go 1.23: TCP_USER_TIMEOUT: ok, SO_ZEROCOPY: ok, SO_PEEK_OFF: ok
#   go 1.24: TCP_USER_TIMEOUT: ENOPROTOOPT, SO_ZEROCOPY: EOPNOTSUPP, SO_PEEK_OFF: EOPNOTSUPP
#   go 1.24, SetMultipathTCP(false): TCP_USER_TIMEOUT: ok, SO_ZEROCOPY: ok, SO_PEEK_OFF: ok
#   go 1.24, on the connection of a plain client: TCP_USER_TIMEOUT: ok
set -euo pipefail
case ${1-} in
  '') ;;
  -h | --help) sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" && exit ;;
  *) echo "Unknown option: $1. --help tells what there is." >&2 && exit 2 ;;
esac
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export TMPDIR=$temp

mkdir "$temp/program"
cat >"$temp/program/main.go" <<'END'
package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"syscall"
)

var options = []struct {
	name                 string
	level, option, value int
}{
	{"TCP_USER_TIMEOUT", syscall.IPPROTO_TCP, 18, 1000},
	{"SO_ZEROCOPY", syscall.SOL_SOCKET, 60, 1},
	{"SO_PEEK_OFF", syscall.SOL_SOCKET, 42, 0},
}

func outcome(err error) string {
	switch err {
	case nil:
		return "ok"
	case syscall.ENOPROTOOPT:
		return "ENOPROTOOPT"
	case syscall.EOPNOTSUPP:
		return "EOPNOTSUPP"
	}
	return err.Error()
}

func listen(config net.ListenConfig) net.Listener {
	var outcomes []string
	config.Control = func(_, _ string, socket syscall.RawConn) error {
		return socket.Control(func(descriptor uintptr) {
			for _, option := range options {
				err := syscall.SetsockoptInt(int(descriptor), option.level, option.option, option.value)
				outcomes = append(outcomes, option.name+": "+outcome(err))
			}
		})
	}
	listener, err := config.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	fmt.Println(strings.Join(outcomes, ", "))
	return listener
}

func main() {
	version := os.Args[1]
	fmt.Printf("go %s: ", version)
	listener := listen(net.ListenConfig{})
	if version == "1.23" {
		return
	}
	var plain net.ListenConfig
	plain.SetMultipathTCP(false)
	fmt.Printf("go %s, SetMultipathTCP(false): ", version)
	listen(plain)

	var dialer net.Dialer
	dialer.SetMultipathTCP(false)
	if _, err := dialer.Dial("tcp", listener.Addr().String()); err != nil {
		panic(err)
	}
	accepted, err := listener.Accept()
	if err != nil {
		panic(err)
	}
	raw, err := accepted.(*net.TCPConn).SyscallConn()
	if err != nil {
		panic(err)
	}
	raw.Control(func(descriptor uintptr) {
		option := options[0]
		err = syscall.SetsockoptInt(int(descriptor), option.level, option.option, option.value)
	})
	fmt.Printf("go %s, on the connection of a plain client: %s: %s\n",
		version, options[0].name, outcome(err))
}
END

cd "$temp/program"
echo "$(uname -sr), $(go version)"
for version in 1.23 1.24; do
  printf 'module finding\n\ngo %s\n' "$version" >go.mod
  GOFLAGS=-mod=mod GOTOOLCHAIN=local go build -o finding .
  ./finding "$version"
done | tee "$temp/seen"
cd "$OLDPWD"
sed -n 's/^#   //p' "$0" | diff - "$temp/seen" || { echo "It has changed." >&2 && exit 1; }
