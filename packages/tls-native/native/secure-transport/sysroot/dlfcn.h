#pragma once
#define RTLD_LAZY 0x1
#define RTLD_NOW 0x2
#define RTLD_LOCAL 0x4
#define RTLD_GLOBAL 0x8
#ifdef __cplusplus
extern "C" {
#endif
void* dlopen(const char* path, int mode);
void* dlsym(void* library, const char* name);
char* dlerror(void);
int dlclose(void* library);
typedef struct {
  const char* dli_fname;
  void* dli_fbase;
  const char* dli_sname;
  void* dli_saddr;
} Dl_info;
int dladdr(const void* address, Dl_info* info);
#ifdef __cplusplus
}
#endif
