#pragma once
#include <stddef.h>
#include <stdint.h>
typedef long ssize_t;
typedef int64_t off_t;
typedef int pid_t;
typedef unsigned uid_t;
typedef unsigned gid_t;
typedef unsigned short mode_t;
typedef long time_t;
typedef unsigned long clock_t;
typedef int suseconds_t;
typedef union {
  char octets[128];
  long long alignment;
} mbstate_t;
