/* Devices that every machine has. */
#define _GNU_SOURCE
#include "kernel.h"

static void open_device(const char *path) {
    object = (int)must(path, open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
}

static void null(void) {
    open_device("/dev/null");
}

static void zero(void) {
    open_device("/dev/zero");
}

static void full(void) {
    open_device("/dev/full");
}

static void random_numbers(void) {
    open_device("/dev/random");
}

static void unlimited_random_numbers(void) {
    open_device("/dev/urandom");
}

static void messages(void) {
    object = (int)MUST(open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC));
}

static void to_the_end(void) {
    MUST(lseek(object, 0, SEEK_END));
}

static void virtual_machines(void) {
    open_device("/dev/kvm");
}

const struct row device_rows[] = {
    {"`/dev/null`", "any", {null}},
    {"`/dev/zero`", "any", {zero}},
    {"`/dev/full`", "any", {full}},
    {"`/dev/random`", "any", {random_numbers}},
    {"`/dev/urandom`", "any", {unlimited_random_numbers}},
    {"`/dev/kmsg`", "messages to read", {messages}},
    {"`/dev/kmsg`", "at the end", {messages, to_the_end}},
    {"`/dev/kvm`", "any", {virtual_machines}},
    {0},
};
