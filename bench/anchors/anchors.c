// Native anchors: what C reaches for the kernels that lib/ runs in WebAssembly. Called from Node by FFI, in turn with
// ours, in one process. Compiled by ../anchors.mjs with the reader's own compiler: cc -O3 -march=native -shared -fPIC
// -pthread, with -DBLAS -lopenblas where that is there. Vector types are the compiler's own (GCC and Clang), so the
// file is the same on x86 and ARM. Counts arrive as doubles. Wider ones than 128 bit are built on every x86 and may be
// called only as far as `widest` says: elsewhere they are illegal instructions.
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

typedef float v4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef float v8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float v16 __attribute__((vector_size(64), aligned(4), may_alias));

#define ANY
#if defined(__x86_64__)
#define AVX2 __attribute__((target("avx2,fma")))
#define AVX512 __attribute__((target("avx512f")))
// An anchor in every width that vectors of this architecture may have.
#define WIDTHS(KIND, NAME)          \
  KIND(ANY, NAME##128, v4, 4)       \
  KIND(AVX2, NAME##256, v8, 8)      \
  KIND(AVX512, NAME##512, v16, 16)
#define HOLD(v) __asm__ volatile("" : "+x"(v))

// The widest vectors, in bits, whose anchors run on this processor.
int widest(void) {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f")) return 512;
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? 256 : 128;
}
#else
#define WIDTHS(KIND, NAME) KIND(ANY, NAME##128, v4, 4)
#define HOLD(v) __asm__ volatile("" : "+w"(v))

int widest(void) { return 128; }
#endif
// A pass over memory that the compiler may neither leave out nor merge with the next.
#define PASS(p) __asm__ volatile("" : "+r"(p) : : "memory")

// Sum of n values, `rep` times over, eight accumulators.
#define READ(TARGET, NAME, V, W)                                                           \
  TARGET float NAME(const float *x, double n_, double rep_) {                              \
    size_t n = n_;                                                                         \
    V s[8] = {0};                                                                          \
    for (long r = 0; r < (long)rep_; r++) {                                                \
      const float *p = x, *end = x + n;                                                    \
      PASS(p);                                                                             \
      for (; p < end; p += 8 * W)                                                          \
        for (int u = 0; u < 8; u++) s[u] += *(const V *)(p + u * W);                       \
    }                                                                                      \
    for (int u = 1; u < 8; u++) s[0] += s[u];                                              \
    return s[0][0];                                                                        \
  }
WIDTHS(READ, read)

// y = x and z = x + 3 y with ordinary stores.
#define COPY(TARGET, NAME, V, W)                                                           \
  TARGET void NAME(float *y, const float *x, double n_, double rep_) {                     \
    size_t n = n_;                                                                         \
    for (long r = 0; r < (long)rep_; r++) {                                                \
      PASS(y);                                                                             \
      for (size_t i = 0; i < n; i += 4 * W)                                                \
        for (int u = 0; u < 4; u++) {                                                      \
          V v = *(const V *)(x + i + u * W);                                               \
          HOLD(v);                                                                         \
          *(V *)(y + i + u * W) = v;                                                       \
        }                                                                                  \
    }                                                                                      \
  }
WIDTHS(COPY, copy)

#define TRIAD(TARGET, NAME, V, W)                                                          \
  TARGET void NAME(float *z, const float *x, const float *y, double n_, double rep_) {     \
    size_t n = n_;                                                                         \
    for (long r = 0; r < (long)rep_; r++) {                                                \
      PASS(z);                                                                             \
      for (size_t i = 0; i < n; i += 4 * W)                                                \
        for (int u = 0; u < 4; u++)                                                        \
          *(V *)(z + i + u * W) = *(const V *)(x + i + u * W) + 3.0f * *(const V *)(y + i + u * W); \
    }                                                                                      \
  }
WIDTHS(TRIAD, triad)

// x = scale x in place: no array that is only written.
#define UPDATE(TARGET, NAME, V, W)                                                         \
  TARGET void NAME(float *x, double n_, float scale, double rep_) {                        \
    size_t n = n_;                                                                         \
    for (long r = 0; r < (long)rep_; r++) {                                                \
      PASS(x);                                                                             \
      for (size_t i = 0; i < n; i += 4 * W)                                                \
        for (int u = 0; u < 4; u++) *(V *)(x + i + u * W) *= scale;                        \
    }                                                                                      \
  }
WIDTHS(UPDATE, update)

// Twelve chains of a = a x + y in registers: 12 · lanes · 2 · steps FLOP. Fused where the processor can, unless SPLIT
// parts the product from the sum.
#define CHAINS(TARGET, NAME, V, SPLIT)                                                     \
  TARGET float NAME(double steps, float x_, float y_) {                                    \
    V x = x_ - (V){0}, y = y_ - (V){0};                                                    \
    V a0 = x, a1 = x, a2 = x, a3 = x, a4 = x, a5 = x, a6 = x, a7 = x, a8 = x, a9 = x;      \
    V a10 = x, a11 = x, t;                                                                 \
    for (long i = 0; i < (long)steps; i++) {                                               \
      SPLIT(a0) SPLIT(a1) SPLIT(a2) SPLIT(a3) SPLIT(a4) SPLIT(a5)                          \
      SPLIT(a6) SPLIT(a7) SPLIT(a8) SPLIT(a9) SPLIT(a10) SPLIT(a11)                        \
    }                                                                                      \
    (void)t;                                                                               \
    a0 += a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11;                          \
    return a0[0];                                                                          \
  }
#define FUSED(a) a = a * x + y; HOLD(a);
#define PARTED(a) t = a * x; HOLD(t); a = t + y; HOLD(a);
#define FMA(TARGET, NAME, V, W) CHAINS(TARGET, NAME, V, FUSED)
WIDTHS(FMA, fma)
CHAINS(ANY, muladd128, v4, PARTED)

// The chains of `bits` wide vectors on several threads at once.
struct work {
  float (*chains)(double, float, float);
  double steps;
};

static void *fma_thread(void *work_) {
  const struct work *work = work_;
  work->chains(work->steps, .999f, .001f);
  return 0;
}

void fma_threads(int bits, double steps, int threads) {
  struct work work = {fma128, steps};
#if defined(__x86_64__)
  if (bits == 256) work.chains = fma256;
  if (bits == 512) work.chains = fma512;
#else
  (void)bits;
#endif
  pthread_t t[64];
  for (int i = 1; i < threads && i < 64; i++) pthread_create(t + i, 0, fma_thread, &work);
  fma_thread(&work);
  for (int i = 1; i < threads && i < 64; i++) pthread_join(t[i], 0);
}

// Follows a chain of byte offsets from `base`, each load waiting for the one before.
uint32_t chase(const char *base, double start, double steps) {
  uint32_t p = (uint32_t)start;
  for (long i = 0; i < (long)steps; i += 8)
    for (int u = 0; u < 8; u++) p = *(const uint32_t *)(base + p);
  return p;
}

// Sum of n values `stride` apart, four chains.
float strided(const float *x, double n_, double stride, double rep_) {
  size_t n = n_, s = stride;
  float total = 0;
  for (long r = 0; r < (long)rep_; r++) {
    const float *p = x;
    float a = 0, b = 0, c = 0, d = 0;
    PASS(p);
    for (size_t i = 0; i + 4 <= n; i += 4, p += 4 * s) { a += p[0]; b += p[s]; c += p[2 * s]; d += p[3 * s]; }
    total = a + b + c + d;
  }
  return total;
}

#ifdef BLAS
void cblas_sgemm(int order, int transA, int transB, int m, int n, int k, float alpha, const float *a, int lda,
                 const float *b, int ldb, float beta, float *c, int ldc);
void openblas_set_num_threads(int);
char *openblas_get_corename(void);
void sgemm(float *c, const float *a, const float *b, int m, int n, int k, int threads) {
  openblas_set_num_threads(threads);
  cblas_sgemm(101, 111, 111, m, n, k, 1, a, k, b, n, 0, c, n);
}
// The processor whose kernels OpenBLAS chose, as it names it.
const char *blas_core(void) { return openblas_get_corename(); }
#endif
