#pragma once
#ifdef __cplusplus
extern "C" {
#endif
int* __error(void);
#ifdef __cplusplus
}
#endif
#define errno (*__error())
#define EINTR 4
#define ENOMEM 12
#define EBUSY 16
#define EINVAL 22
#define EDOM 33
#define ERANGE 34
#define EAGAIN 35
#define ETIMEDOUT 60
#define EILSEQ 92
