// SPDX-License-Identifier: Apache-2.0
// Functions of the loss that look at one place at a time, for fast.py. Each is written once, for plain numbers and for dual ones, which carry derivatives by
// the inputs along (W. K. Clifford, 1873); so the gradient needs no formula of its own. The Python in ssimulacra2.py and butteraugli.py is the reference.
#include <cmath>
#include <cstdint>
#include <cstring>

namespace {

constexpr int LANES = 16;
typedef float Lanes __attribute__((vector_size(4 * LANES)));
typedef int32_t Whole __attribute__((vector_size(4 * LANES)));

#define INLINE [[gnu::always_inline]] inline

INLINE Lanes all(float x) { return Lanes{} + x; }
INLINE Lanes root(Lanes x) { for (int i = 0; i < LANES; i++) x[i] = std::sqrt(x[i]); return x; }
INLINE Lanes select(Whole mask, Lanes a, Lanes b) { return mask ? a : b; }

/** 2^x and log2 x as in fast.cpp. */
INLINE Lanes exp2_of(Lanes x) {
    x = x < -126 ? all(-126) : x > 126 ? all(126) : x;
    Whole n = __builtin_convertvector(x + select(x < 0, all(-.5f), all(.5f)), Whole);
    Lanes f = x - __builtin_convertvector(n, Lanes);
    Lanes p = all(1.52527338e-5f);
    p = p * f + 1.54035304e-4f;
    p = p * f + 1.33335581e-3f;
    p = p * f + 9.61812911e-3f;
    p = p * f + 5.55041087e-2f;
    p = p * f + 2.40226507e-1f;
    p = p * f + 6.93147181e-1f;
    p = p * f + 1.f;
    return p * (Lanes)((n + 127) << 23);
}

INLINE Lanes log2_of(Lanes x) {
    Whole i = (Whole)x, e = (i - 0x3f3504f3) >> 23;
    Lanes m = (Lanes)(i - (e << 23)), s = (m - 1) / (m + 1), z = s * s;
    Lanes p = all(0.320598898f);
    p = p * z + 0.412198583f;
    p = p * z + 0.577078016f;
    p = p * z + 0.961796694f;
    p = p * z + 2.88539008f;
    return s * p + __builtin_convertvector(e, Lanes);
}

/** A value and its derivatives by K inputs. */
template <int K> struct Dual {
    Lanes v, d[K];
};

INLINE Lanes value(Lanes x) { return x; }
template <int K> INLINE Lanes value(const Dual<K>& x) { return x.v; }

/** f(x), whose derivative there is slope. */
INLINE Lanes chain(Lanes, Lanes f, Lanes) { return f; }
template <int K> INLINE Dual<K> chain(const Dual<K>& x, Lanes f, Lanes slope) {
    Dual<K> r{f, {}};
    for (int k = 0; k < K; k++) r.d[k] = slope * x.d[k];
    return r;
}

template <int K> INLINE Dual<K> operator+(Dual<K> a, const Dual<K>& b) { a.v += b.v; for (int k = 0; k < K; k++) a.d[k] += b.d[k]; return a; }
template <int K> INLINE Dual<K> operator-(Dual<K> a, const Dual<K>& b) { a.v -= b.v; for (int k = 0; k < K; k++) a.d[k] -= b.d[k]; return a; }
template <int K> INLINE Dual<K> operator*(const Dual<K>& a, const Dual<K>& b) {
    Dual<K> r{a.v * b.v, {}};
    for (int k = 0; k < K; k++) r.d[k] = a.d[k] * b.v + b.d[k] * a.v;
    return r;
}
template <int K> INLINE Dual<K> operator/(const Dual<K>& a, const Dual<K>& b) {
    Lanes inverse = 1 / b.v;
    Dual<K> r{a.v * inverse, {}};
    for (int k = 0; k < K; k++) r.d[k] = (a.d[k] - r.v * b.d[k]) * inverse;
    return r;
}
template <int K> INLINE Dual<K> operator+(Dual<K> a, Lanes b) { a.v += b; return a; }
template <int K> INLINE Dual<K> operator-(Dual<K> a, Lanes b) { a.v -= b; return a; }
template <int K> INLINE Dual<K> operator-(Lanes a, const Dual<K>& b) { return chain(b, a - b.v, all(-1)); }
template <int K> INLINE Dual<K> operator*(const Dual<K>& a, Lanes b) { return chain(a, a.v * b, b); }
template <int K> INLINE Dual<K> operator+(Dual<K> a, float b) { return a + all(b); }
template <int K> INLINE Dual<K> operator-(Dual<K> a, float b) { return a - all(b); }
template <int K> INLINE Dual<K> operator-(float a, const Dual<K>& b) { return all(a) - b; }
template <int K> INLINE Dual<K> operator*(const Dual<K>& a, float b) { return a * all(b); }
template <int K> INLINE Dual<K> operator*(float a, const Dual<K>& b) { return b * all(a); }
template <int K> INLINE Dual<K> operator/(float a, const Dual<K>& b) { Lanes r = a / b.v; return chain(b, r, -r / b.v); }

template <class T> INLINE T absolute(const T& x) { Lanes v = value(x), sign = v < 0 ? all(-1) : v > 0 ? all(1) : all(0); return chain(x, v * sign, sign); }
template <class T> INLINE T positive(const T& x) { Lanes v = value(x), on = v >= 0 ? all(1) : all(0); return chain(x, v * on, on); }
template <class T> INLINE T least(const T& x, float low) { Lanes v = value(x); return chain(x, v >= low ? v : all(low), v >= low ? all(1) : all(0)); }
template <class T> INLINE T within(const T& x, float limit) {
    Lanes v = value(x), f = v > limit ? all(limit) : v < -limit ? all(-limit) : v;
    return chain(x, f, f == v ? all(1) : all(0));
}
template <class T> INLINE T square_root(const T& x) { Lanes r = root(value(x)); return chain(x, r, .5f / r); }
template <class T> INLINE T power(const T& x, float p) { Lanes v = value(x), r = exp2_of(p * log2_of(v)); return chain(x, r, p * r / v); }
template <class T> INLINE T logarithm(const T& x) { Lanes v = value(x); return chain(x, .693147180559945f * log2_of(v), 1 / v); }
template <class T> INLINE T fourth(const T& x) { T s = x * x; return s * s; }

// The functions: INPUTS with derivatives, GIVEN without, OUTPUTS; SUMS says that outputs are summed over a picture. c: constants.

struct Linear {
    static constexpr int INPUTS = 1, GIVEN = 0, OUTPUTS = 1;
    static constexpr bool SUMS = false;
    template <class T> INLINE static void of(const T* x, const Lanes*, const float*, T* y) {
        T v = least(x[0], 0);
        v = chain(v, value(v) > 255 ? all(255) : value(v), value(x[0]) > 255 ? all(0) : all(1)) * (1 / 255.f);
        T curve = power((least(v, 0.04045f) + 0.055f) * (1 / 1.055f), 2.4f);
        Lanes low = value(v) <= 0.04045f ? all(1) : all(0);
        y[0] = v * (low * (1 / 12.92f)) + curve * (1 - low);
    }
};

struct Xyb {
    static constexpr int INPUTS = 3, GIVEN = 0, OUTPUTS = 3;
    static constexpr bool SUMS = false;
    /** c: nine of the mixing matrix, the bias, its cube root. */
    template <class T> INLINE static void of(const T* x, const Lanes*, const float* c, T* y) {
        T m[3];
        for (int i = 0; i < 3; i++) m[i] = power(least(x[0] * c[3 * i] + x[1] * c[3 * i + 1] + x[2] * c[3 * i + 2] + c[9], 1e-6f), 1 / 3.f) - c[10];
        T luma = (m[0] + m[1]) * .5f;
        y[0] = (m[0] - m[1]) * 7.f;
        y[1] = luma - 0.4f;
        y[2] = m[2] - luma;
    }
};

struct Products {
    static constexpr int INPUTS = 1, GIVEN = 1, OUTPUTS = 2;
    static constexpr bool SUMS = false;
    template <class T> INLINE static void of(const T* x, const Lanes* given, const float*, T* y) {
        y[0] = x[0] * x[0] + given[0] * given[0];
        y[1] = x[0] * given[0];
    }
};

/** Of q, its mean, the mean of both squares and of the product, beside p and its mean: sums and sums of fourth powers of structure, new and lost edges. */
struct Errors {
    static constexpr int INPUTS = 4, GIVEN = 2, OUTPUTS = 6;
    static constexpr bool SUMS = true;
    template <class T> INLINE static void of(const T* x, const Lanes* given, const float* c, T* y) {
        const T &q = x[0], &mean = x[1], &squares = x[2], &product = x[3];
        const Lanes p = given[0], mean0 = given[1];
        T off = mean - mean0;
        T structure = (2.f * (product - mean * mean0) + c[0]) / (squares - mean0 * mean0 - mean * mean + c[0]);
        T errors[3] = {positive(1.f - (1.f - off * off) * structure), q, q};
        T edges = (absolute(q - mean) + 1.f) * (1 / (1 + absolute(p - mean0))) - 1.f;
        errors[1] = positive(edges);
        errors[2] = positive(0.f - edges);
        for (int i = 0; i < 3; i++) {
            y[2 * i] = errors[i];
            y[2 * i + 1] = fourth(errors[i]);
        }
    }
};

struct Opsin {
    static constexpr int INPUTS = 6, GIVEN = 0, OUTPUTS = 3;
    static constexpr bool SUMS = false;
    /** Light, then the light around; c: nine of the mixing matrix times nits, three biases. */
    template <class T> INLINE static void of(const T* x, const Lanes*, const float* c, T* y) {
        T r[3];
        for (int i = 0; i < 3; i++) {
            T mixed = x[0] * c[3 * i] + x[1] * c[3 * i + 1] + x[2] * c[3 * i + 2] + c[9 + i];
            T seen = x[3] * c[3 * i] + x[4] * c[3 * i + 1] + x[5] * c[3 * i + 2] + c[9 + i];
            T v = mixed * ((logarithm(seen + 9.9710635769299145f) * 19.245013259874995f - 23.16046239805755f) / seen);
            r[i] = chain(v, value(v) > c[9 + i] ? value(v) : all(c[9 + i]), value(v) > c[9 + i] ? all(1) : all(0));
        }
        y[0] = r[0] - r[1];
        y[1] = r[0] + r[1];
        y[2] = r[2];
    }
};

/** Red-green less where luma is busy. */
struct Suppressed {
    static constexpr int INPUTS = 2, GIVEN = 0, OUTPUTS = 1;
    static constexpr bool SUMS = false;
    template <class T> INLINE static void of(const T* x, const Lanes*, const float*, T* y) {
        y[0] = x[0] * (0.346979443743f * (46.f / (x[1] * x[1] + 46.f)) + 0.653020556257f);
    }
};

/** Fine x and y and their high frequencies -> high x and y, highest x and y. */
struct Fine {
    static constexpr int INPUTS = 4, GIVEN = 0, OUTPUTS = 4;
    static constexpr bool SUMS = false;
    template <class T> INLINE static T compressed(const T& x, float limit) { T w = within(x, limit); return w + 0.724216146f * (x - w); }
    template <class T> INLINE static void of(const T* x, const Lanes*, const float*, T* y) {
        T hy = compressed(x[3], 28.4691806922f), ux = x[0] - x[2];
        T luma = 2.155f * hy;
        y[0] = x[2] - within(x[2], 1.5f);
        y[1] = luma + within(luma, 0.132f);
        y[2] = ux - within(ux, 0.04f);
        y[3] = 2.69313763794f * compressed(x[1] - hy, 5.19175294647f);
    }
};

/** What goes into sums along lines; b is the picture's band. c: scale, norm, roots of the weights of differences and of what is lost or new. */
struct Malta {
    static constexpr int INPUTS = 1, GIVEN = 1, OUTPUTS = 1;
    static constexpr bool SUMS = false;
    template <class T> INLINE static void of(const T* x, const Lanes* given, const float* c, T* y) {
        const T& b = x[0];
        const Lanes a = given[0], size = absolute(a), sign = a < 0 ? all(-1) : a > 0 ? all(1) : all(0);
        T along = b * sign;
        T lost = positive(0.55f * size - along), gained = positive(along - 1.05f * size);
        y[0] = (c[2] * (a - b) + (lost - gained) * (c[3] * sign)) * ((c[0] * c[1]) / ((absolute(b) + size) * 0.5f + c[1]));
    }
};

/** Sums along rows and columns -> their energy. */
struct Energy {
    static constexpr int INPUTS = 2, GIVEN = 0, OUTPUTS = 1;
    static constexpr bool SUMS = false;
    template <class T> INLINE static void of(const T* x, const Lanes*, const float*, T* y) { y[0] = 8.f * (x[0] * x[0] + x[1] * x[1]); }
};

struct Asymmetric {
    static constexpr int INPUTS = 1, GIVEN = 1, OUTPUTS = 1;
    static constexpr bool SUMS = false;
    /** c: weight. */
    template <class T> INLINE static void of(const T* x, const Lanes* given, const float* c, T* y) {
        const T& b = x[0];
        const Lanes a = given[0], size = absolute(a), sign = a < 0 ? all(-1) : a > 0 ? all(1) : all(0);
        T along = b * sign, off = b - a;
        T v = positive(0.4f * size - along) + positive(along - size);
        y[0] = (0.8f * c[0]) * (0.8f * (off * off) + 1.25f * (v * v));
    }
};

/** Sums of 3rd, 6th and 12th powers of what is seen on two scales. */
struct Norms {
    static constexpr int INPUTS = 2, GIVEN = 0, OUTPUTS = 3;
    static constexpr bool SUMS = true;
    template <class T> INLINE static void of(const T* x, const Lanes*, const float*, T* y) {
        T seen = 0.85f * x[0] + 0.5f * x[1];
        y[0] = seen * seen * seen;
        y[1] = y[0] * y[0];
        y[2] = y[1] * y[1];
    }
};

INLINE Lanes load(const float* p, long n) {
    Lanes x{};
    if (n >= LANES) std::memcpy(&x, p, sizeof x);
    else { x = all(p[0]); std::memcpy(&x, p, 4 * n); }
    return x;
}
INLINE void store(float* p, Lanes x, long n) { std::memcpy(p, &x, n >= LANES ? sizeof x : 4 * n); }

/** Of batch pictures of n places; inputs, then what is given, with the distance of their pictures. */
template <class F> void forward(int batch, long n, const float* const* in, const long* strides, const float* constants, float* const* out) {
    for (int b = 0; b < batch; b++) {
        double sums[F::OUTPUTS] = {};
        for (long i = 0; i < n; i += LANES) {
            Lanes x[F::INPUTS], given[F::GIVEN + 1], y[F::OUTPUTS];
            for (int k = 0; k < F::INPUTS; k++) x[k] = load(in[k] + b * strides[k] + i, n - i);
            for (int k = 0; k < F::GIVEN; k++) given[k] = load(in[F::INPUTS + k] + b * strides[F::INPUTS + k] + i, n - i);
            F::of(x, given, constants, y);
            for (int k = 0; k < F::OUTPUTS; k++)
                if constexpr (F::SUMS) {
                    float sum = 0;
                    for (int j = 0; j < LANES && i + j < n; j++) sum += y[k][j];
                    sums[k] += sum;
                } else {
                    store(out[k] + b * n + i, y[k], n - i);
                }
        }
        if (F::SUMS) for (int k = 0; k < F::OUTPUTS; k++) out[k][b] = float(sums[k]);
    }
}

/** of_out: gradients of the outputs, a picture's sums or its places; of_in: those of the inputs, null where none is wanted. */
template <class F> void backward(int batch, long n, const float* const* in, const long* strides, const float* constants, const float* const* of_out, float* const* of_in) {
    for (int b = 0; b < batch; b++)
        for (long i = 0; i < n; i += LANES) {
            Dual<F::INPUTS> x[F::INPUTS], y[F::OUTPUTS];
            Lanes given[F::GIVEN + 1];
            for (int k = 0; k < F::INPUTS; k++) {
                x[k].v = load(in[k] + b * strides[k] + i, n - i);
                for (int j = 0; j < F::INPUTS; j++) x[k].d[j] = all(j == k);
            }
            for (int k = 0; k < F::GIVEN; k++) given[k] = load(in[F::INPUTS + k] + b * strides[F::INPUTS + k] + i, n - i);
            F::of(x, given, constants, y);
            Lanes sums[F::INPUTS] = {};
            for (int k = 0; k < F::OUTPUTS; k++) {
                if (!of_out[k]) continue;
                Lanes g = F::SUMS ? all(of_out[k][b]) : load(of_out[k] + b * n + i, n - i);
                for (int j = 0; j < F::INPUTS; j++) sums[j] += g * y[k].d[j];
            }
            for (int k = 0; k < F::INPUTS; k++)
                if (of_in[k]) store(of_in[k] + b * n + i, sums[k], n - i);
        }
}

}  // namespace

#define POINTWISE(name, F)                                                                                                                          \
    extern "C" void name(int batch, long n, const float* const* in, const long* strides, const float* constants, float* const* out) {               \
        forward<F>(batch, n, in, strides, constants, out);                                                                                           \
    }                                                                                                                                                \
    extern "C" void name##_backward(int batch, long n, const float* const* in, const long* strides, const float* constants, const float* const* of_out, \
                                    float* const* of_in) {                                                                                           \
        backward<F>(batch, n, in, strides, constants, of_out, of_in);                                                                                \
    }

POINTWISE(linear, Linear)
POINTWISE(xyb, Xyb)
POINTWISE(products, Products)
POINTWISE(errors, Errors)
POINTWISE(opsin, Opsin)
POINTWISE(suppressed, Suppressed)
POINTWISE(fine, Fine)
POINTWISE(malta, Malta)
POINTWISE(energy, Energy)
POINTWISE(asymmetric, Asymmetric)
POINTWISE(norms, Norms)
