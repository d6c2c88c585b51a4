#include "check.h"

#include <dirent.h>
#include <stdbool.h>

int rule;

static int open_descriptors(void) {
    int count = 0;
    DIR *folder = opendir("/proc/self/fd");
    CHECK(folder != NULL);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

void await_asleep(long call) {
    for (bool asleep = false; !asleep;) {
        DIR *tasks = opendir("/proc/self/task");
        for (struct dirent *task; (task = readdir(tasks)) != NULL;) {
            char path[300], text[64] = "";
            snprintf(path, sizeof path, "/proc/self/task/%s/syscall", task->d_name);
            FILE *file = fopen(path, "r");
            if (file != NULL && fgets(text, sizeof text, file) != NULL)
                asleep |= text[0] >= '0' && text[0] <= '9' && atol(text) == call;
            if (file != NULL)
                fclose(file);
        }
        closedir(tasks);
    }
}

int run_rules(int argc, char **argv, void (*const tests[])(void), int count) {
    int only = argc > 1 ? atoi(argv[1]) : 0;
    for (rule = 1; rule <= count; rule++) {
        if (only != 0 && only != rule)
            continue;
        int before = open_descriptors();
        tests[rule - 1]();
        CHECK(open_descriptors() == before);
    }
    return 0;
}
