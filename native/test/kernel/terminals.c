/* Pseudo-terminals: the side that programs have, and the side that an emulator has. */
#define _GNU_SOURCE
#include "kernel.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>

static int master, slave;

static void open_master(void) {
    master = object = (int)MUST(open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC));
    MUST(grantpt(master));
    MUST(unlockpt(master));
}

static void open_slave(void) {
    slave = (int)MUST(open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC));
}

static void set_raw(int least_bytes) {
    struct termios settings;
    MUST(tcgetattr(slave, &settings));
    cfmakeraw(&settings);
    settings.c_cc[VMIN] = (cc_t)least_bytes;
    settings.c_cc[VTIME] = 0;
    MUST(tcsetattr(slave, TCSANOW, &settings));
}

static void terminal(void) {
    open_master();
    open_slave();
    set_raw(1);
    object = slave;
    peer = master;
}

static void by_lines(void) {
    struct termios settings;
    MUST(tcgetattr(slave, &settings));
    settings.c_lflag |= ICANON;
    MUST(tcsetattr(slave, TCSANOW, &settings));
}

static void at_least_five(void) {
    set_raw(5);
}

static void put_line(void) {
    MUST(write(peer, "hello\n", 6));
}

static void stop_output(void) {
    MUST(tcflow(slave, TCOOFF));
}

static void emulator(void) {
    open_master();
    open_slave();
    set_raw(1);
    peer = slave;
}

static void packet_mode(void) {
    emulator();
    MUST(ioctl(master, TIOCPKT, &(int){1}));
}

static void flush_slave(void) {
    MUST(tcflush(slave, TCIFLUSH));
}

#define TERMINAL "terminal"
#define EMULATOR "a terminal's master"

const struct row terminal_rows[] = {
    {TERMINAL, "raw, nothing typed", {terminal}},
    {TERMINAL, "raw, a byte typed", {terminal, put_byte}},
    {TERMINAL, "raw, `VMIN` 5, `VTIME` 0, a byte typed", {terminal, at_least_five, put_byte}},
    {TERMINAL, "raw, `VMIN` 5, `VTIME` 0, five bytes typed", {terminal, at_least_five, put_five}},
    {TERMINAL, "by lines, half a line typed", {terminal, by_lines, put_five}},
    {TERMINAL, "by lines, a line typed", {terminal, by_lines, put_line}},
    {TERMINAL, "output stopped (`TCOOFF`)", {terminal, stop_output}},
    {TERMINAL, "hung up: the master was closed", {terminal, close_peer}},
    {TERMINAL, "hung up, a byte was typed before", {terminal, put_byte, close_peer}},
    {EMULATOR, "nobody has opened the terminal yet", {open_master}},
    {EMULATOR, "the terminal is open", {emulator}},
    {EMULATOR, "a byte to read", {emulator, put_byte}},
    {EMULATOR, "nobody has the terminal open any more", {emulator, close_peer}},
    {EMULATOR, "the same, a byte to read", {emulator, put_byte, close_peer}},
    {EMULATOR, "packet mode (`TIOCPKT`), the input was flushed", {packet_mode, flush_slave}},
    {0},
};
