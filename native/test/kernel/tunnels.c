/* A TUN device, in a network of its own. */
#define _GNU_SOURCE
#include "kernel.h"

#include <arpa/inet.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static struct ifreq tunnel = {.ifr_name = "kernel"};

static void open_device(void) {
    leave_namespaces(CLONE_NEWNET);
    object = (int)MUST(open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC));
}

static void attach(void) {
    tunnel.ifr_flags = IFF_TUN | IFF_NO_PI;
    MUST(ioctl(object, TUNSETIFF, &tunnel));
}

static struct sockaddr_in address(const char *dotted) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9)};
    inet_pton(AF_INET, dotted, &address.sin_addr);
    return address;
}

static void configure(unsigned long what, const char *dotted) {
    struct sockaddr_in value = address(dotted);
    memcpy(&tunnel.ifr_addr, &value, sizeof value);
    MUST(ioctl(peer, what, &tunnel));
}

/* Without IPv6, which would send packets of its own accord. */
static void attach_and_turn_on(void) {
    if (access("/proc/sys/net/ipv6", F_OK) == 0)
        set_number("/proc/sys/net/ipv6/conf/default/disable_ipv6", 1);
    attach();
    peer = (int)MUST(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    configure(SIOCSIFADDR, "10.9.8.1");
    configure(SIOCSIFDSTADDR, "10.9.8.2");
    tunnel.ifr_flags = IFF_UP | IFF_RUNNING;
    MUST(ioctl(peer, SIOCSIFFLAGS, &tunnel));
}

static void send_packet(void) {
    struct sockaddr_in other = address("10.9.8.2");
    MUST(sendto(peer, "x", 1, 0, (struct sockaddr *)&other, sizeof other));
}

#define TUNNEL "TUN device"

const struct row tunnel_rows[] = {
    {TUNNEL, "before `TUNSETIFF`", {open_device}},
    {TUNNEL, "attached, turned off", {open_device, attach}},
    {TUNNEL, "turned on", {open_device, attach_and_turn_on}},
    {TUNNEL, "a packet to read", {open_device, attach_and_turn_on, send_packet}},
    {TUNNEL,
     "watched, then attached, then a packet",
     {open_device},
     {attach_and_turn_on, send_packet},
     .asked = POLLIN},
    {0},
};
