#pragma once
#define AF_INET 2
#define AF_INET6 30
