#pragma once
typedef float float_t;
typedef double double_t;
#define FP_NAN 1
#define FP_INFINITE 2
#define FP_ZERO 3
#define FP_NORMAL 4
#define FP_SUBNORMAL 5
#define FP_ILOGB0 (-2147483647 - 1)
#define FP_ILOGBNAN (-2147483647 - 1)
#define HUGE_VAL __builtin_huge_val()
#define HUGE_VALF __builtin_huge_valf()
#define HUGE_VALL __builtin_huge_vall()
#define INFINITY HUGE_VALF
#define NAN __builtin_nanf("0x7fc00000")
#define MATH_ERRNO 1
#define MATH_ERREXCEPT 2
#define math_errhandling 2
#define fpclassify(x) __builtin_fpclassify(FP_NAN, FP_INFINITE, FP_NORMAL, FP_SUBNORMAL, FP_ZERO, x)
#define isfinite(x) __builtin_isfinite(x)
#define isinf(x) __builtin_isinf(x)
#define isnan(x) __builtin_isnan(x)
#define isnormal(x) __builtin_isnormal(x)
#define signbit(x) __builtin_signbit(x)
#define isgreater(x, y) __builtin_isgreater(x, y)
#define isgreaterequal(x, y) __builtin_isgreaterequal(x, y)
#define isless(x, y) __builtin_isless(x, y)
#define islessequal(x, y) __builtin_islessequal(x, y)
#define islessgreater(x, y) __builtin_islessgreater(x, y)
#define isunordered(x, y) __builtin_isunordered(x, y)
#ifdef __cplusplus
extern "C" {
#endif
#define TLS_EACH(M)                                                                                                       \
  M(acos) M(acosh) M(asin) M(asinh) M(atan) M(atanh) M(cbrt) M(ceil) M(cos) M(cosh) M(erf) M(erfc) M(exp) M(exp2) M(expm1) \
  M(fabs) M(floor) M(lgamma) M(log) M(log10) M(log1p) M(log2) M(logb) M(nearbyint) M(rint) M(round) M(sin) M(sinh) M(sqrt) \
  M(tan) M(tanh) M(tgamma) M(trunc)
#define TLS_ONE(name) double name(double); float name##f(float); long double name##l(long double);
TLS_EACH(TLS_ONE)
#undef TLS_EACH
#undef TLS_ONE
#define TLS_EACH(M) M(atan2) M(copysign) M(fdim) M(fmax) M(fmin) M(fmod) M(hypot) M(nextafter) M(pow) M(remainder)
#define TLS_TWO(name) double name(double, double); float name##f(float, float); long double name##l(long double, long double);
TLS_EACH(TLS_TWO)
#undef TLS_EACH
#undef TLS_TWO
#define TLS_TYPES(M) M(double, ) M(float, f) M(long double, l)
#define TLS_OTHERS(type, suffix)            \
  type fma##suffix(type, type, type);       \
  type frexp##suffix(type, int*);           \
  int ilogb##suffix(type);                  \
  type ldexp##suffix(type, int);            \
  long long llrint##suffix(type);           \
  long long llround##suffix(type);          \
  long lrint##suffix(type);                 \
  long lround##suffix(type);                \
  type modf##suffix(type, type*);           \
  type nan##suffix(const char*);            \
  type nexttoward##suffix(type, long double); \
  type remquo##suffix(type, type, int*);    \
  type scalbln##suffix(type, long);         \
  type scalbn##suffix(type, int);
TLS_TYPES(TLS_OTHERS)
#undef TLS_TYPES
#undef TLS_OTHERS
#ifdef __cplusplus
}
#endif
