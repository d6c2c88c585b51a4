/* Sockets that programs use to talk with the kernel, its interfaces and other machines' kernels. */
#define _GNU_SOURCE
#include "kernel.h"

#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/if_packet.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/vm_sockets.h>
#include <net/ethernet.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>

enum { LOOPBACK = 1 };

static void turn_loopback(int on) {
    struct ifreq loopback = {.ifr_name = "lo", .ifr_flags = (short)(on ? IFF_UP : 0)};
    int any = (int)MUST(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    MUST(ioctl(any, SIOCSIFFLAGS, &loopback));
    close(any);
}

static void turn_on(void) {
    turn_loopback(1);
}

static void turn_off(void) {
    turn_loopback(0);
}

/* Of the loopback interface of a network of its own. */
static void state_of_interface(void) {
    char state[16];
    leave_namespaces(CLONE_NEWNET | CLONE_NEWNS);
    MUST(mount("kernel", "/sys", "sysfs", 0, NULL));
    object = (int)MUST(open("/sys/class/net/lo/operstate", O_RDONLY | O_CLOEXEC));
    MUST(read(object, state, sizeof state));
}

static void netlink(void) {
    leave_namespaces(CLONE_NEWNET);
    struct sockaddr_nl links = {.nl_family = AF_NETLINK, .nl_groups = RTMGRP_LINK};
    object = (int)MUST(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    MUST(setsockopt(object, SOL_SOCKET, SO_RCVBUF, &(int){1}, sizeof(int)));
    MUST(bind(object, (struct sockaddr *)&links, sizeof links));
}

static void tell_more_than_fits(void) {
    for (int i = 0; i < 100; i++)
        turn_loopback(i % 2 == 0);
}

static void packets(void) {
    leave_namespaces(CLONE_NEWNET);
    object = (int)MUST(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL)));
}

static void bind_to_interface(void) {
    struct sockaddr_ll loopback = {
        .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = LOOPBACK};
    MUST(bind(object, (struct sockaddr *)&loopback, sizeof loopback));
}

static void virtual_machine(void) {
    object = (int)MUST(socket(AF_VSOCK, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static void listen_to_virtual_machine(void) {
    struct sockaddr_vm any = {
        .svm_family = AF_VSOCK, .svm_port = VMADDR_PORT_ANY, .svm_cid = VMADDR_CID_ANY};
    virtual_machine();
    MUST(bind(object, (struct sockaddr *)&any, sizeof any));
    MUST(listen(object, 1));
}

#define STATE "`/sys/class/net/lo/operstate`"
#define NETLINK "netlink socket"
#define PACKET "packet socket (`AF_PACKET`)"
#define VIRTUAL "`AF_VSOCK` stream socket"

const struct row network_rows[] = {
    {STATE, "read, then turned on while it is watched", {state_of_interface}, {turn_on}},
    {NETLINK, "nothing to read", {netlink}},
    {NETLINK, "a message to read", {netlink, turn_on}},
    {NETLINK, "more messages than fit in", {netlink, tell_more_than_fits}},
    {NETLINK,
     "the same, after a `recv` (`ENOBUFS`)",
     {netlink, tell_more_than_fits, receive_nothing}},
    {PACKET, "nothing to read", {packets}},
    {PACKET, "bound to an interface that is off", {packets, bind_to_interface}},
    {PACKET,
     "its interface is turned off while it is watched",
     {packets, turn_on, bind_to_interface},
     {turn_off}},
    {VIRTUAL, "fresh", {virtual_machine}},
    {VIRTUAL, "listening", {listen_to_virtual_machine}},
    {0},
};
