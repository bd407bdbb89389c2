// SPDX-License-Identifier: Apache-2.0
// What takes most of a training step, for fast.py: the symbol step of dependent.py and prior.py with its gradient, filters of the loss, and small functions that
// PyTorch computes in ten passes. The Python beside it is the reference. Loops are written for a compiler's vectorizer; one thread. One file, as it is compiled on demand.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <vector>

namespace {

constexpr float SPACING = 10 / 16.f;      // dependent.SPACING
constexpr int STATES = 8;
constexpr int NEXT[STATES][2] = {{0, 2}, {5, 7}, {1, 3}, {6, 4}, {2, 0}, {4, 6}, {3, 1}, {7, 5}};  // dependent.NEXT
constexpr float LOG_SCALE_MIN = -128, SCALE_INDICES = 128, CERTAIN = 24;  // prior's
constexpr float LEAK = 0.1f, TOP = 127 / 16.f;
constexpr float LN2 = 0.693147180559945f;
constexpr float INFINITE = std::numeric_limits<float>::infinity();

[[gnu::always_inline]] inline float least(float a, float b) { return a < b ? a : b; }  // the standard library's take references, which hinder vectorizing
[[gnu::always_inline]] inline float most(float a, float b) { return a < b ? b : a; }
[[gnu::always_inline]] inline float bits_as_float(int32_t i) { float f; std::memcpy(&f, &i, 4); return f; }
[[gnu::always_inline]] inline int32_t float_as_bits(float f) { int32_t i; std::memcpy(&i, &f, 4); return i; }

/** 2^(whole + f) for f in -0.5..0.5: Taylor's series, 5e-9 off. */
[[gnu::always_inline]] inline float power(float whole, float f) {
    float p = 1.52527338e-5f;
    p = p * f + 1.54035304e-4f;
    p = p * f + 1.33335581e-3f;
    p = p * f + 9.61812911e-3f;
    p = p * f + 5.55041087e-2f;
    p = p * f + 2.40226507e-1f;
    p = p * f + 6.93147181e-1f;
    p = p * f + 1.f;
    return p * bits_as_float((int32_t(whole) + 127) << 23);
}

[[gnu::always_inline]] inline float exp2_of(float x) {
    x = least(most(x, -126.f), 126.f);
    float whole = std::rint(x);
    return power(whole, x - whole);
}

[[gnu::always_inline]] inline float exp_of(float x) {
    x = least(most(x, -87.f), 87.f);
    float whole = std::rint(x * 1.44269504f);
    float f = (x - whole * 0.693145752f) - whole * 1.42860677e-6f;  // Cody and Waite
    return power(whole, f * 1.44269504f);
}

/** Of positive normal numbers: the series of the area tangent around 1. */
[[gnu::always_inline]] inline float log2_of(float x) {
    int32_t i = float_as_bits(x);
    int32_t e = (i - 0x3f3504f3) >> 23;
    float m = bits_as_float(i - (e << 23));
    float s = (m - 1) / (m + 1), z = s * s;
    float p = 0.320598898f;
    p = p * z + 0.412198583f;
    p = p * z + 0.577078016f;
    p = p * z + 0.961796694f;
    p = p * z + 2.88539008f;
    return s * p + float(e);
}

[[gnu::always_inline]] inline float fall(float x) { return 1 / (1 + exp_of(x)); }  // sigmoid(-x)

struct Mixture { float weight, widening; };

[[gnu::always_inline]] inline float bits_of_mass(float narrow, float wide, Mixture m) {
    return -log2_of(m.weight * narrow + (1 - m.weight) * wide + 1e-7f);
}

[[gnu::always_inline]] inline float low_of(float a, int quantizer) {
    if (quantizer == 0) return 2 * a - 1;
    float low = a == 1 ? .5f : 2 * a - 2;
    return a == 0 ? -.5f : low;
}

[[gnu::always_inline]] inline float high_of(float a, int quantizer) { return quantizer == 0 ? 2 * a + 1 : a == 0 ? .5f : 2 * a; }

struct Bits { float bits, by_low, by_high, by_spread, by_weight, by_widening; };

/** dependent.bits_between with its derivatives. */
[[gnu::always_inline]] inline Bits bits_between(float low, float high, float spread, Mixture m) {
    float wide = spread * m.widening, inverse = 1 / spread, wide_inverse = 1 / wide;
    float a = fall(low * inverse), b = fall(high * inverse), c = fall(low * wide_inverse), d = fall(high * wide_inverse);
    float narrow_mass = a - b, wide_mass = c - d;
    float mass = m.weight * narrow_mass + (1 - m.weight) * wide_mass + 1e-7f;
    float by_mass = -1 / (LN2 * mass);
    float da = a * (1 - a), db = b * (1 - b), dc = c * (1 - c), dd = d * (1 - d);
    float w = m.weight * inverse, v = (1 - m.weight) * wide_inverse;
    float by_spread = (low * da - high * db) * inverse, by_wide = (low * dc - high * dd) * wide_inverse;
    return {-log2_of(mass), -by_mass * (w * da + v * dc), by_mass * (w * db + v * dd), by_mass * (w * by_spread + v * by_wide * m.widening),
            by_mass * (narrow_mass - wide_mass), by_mass * v * by_wide * spread};
}

[[gnu::always_inline]] inline float round_half_up(float x) { return std::floor(x + .5f); }

/** prior.compand of multiples of 1/16, which are all that is coded: of magnitudes from 256 on the largest. */
struct Companded {
    float of[4097];
    Companded() { for (int m = 0; m <= 4096; m++) of[m] = std::min(127., std::floor(16 * std::log2(1 + m / 16.) + .5)) / 16; }
};
const Companded companded;

struct Sources {
    int state[STATES][2], parity[STATES][2];
    constexpr Sources() : state(), parity() {
        for (int t = 0; t < STATES; t++)
            for (int s = 0, n = 0; s < STATES; s++)
                for (int p = 0; p < 2; p++)
                    if (NEXT[s][p] == t) { state[t][n] = s; parity[t][n++] = p; }
    }
};
constexpr Sources SOURCES;

/** Costs [quantizer][parity] of one picture's symbols and the path of least cost: for each symbol 2 * quantizer + parity. */
struct Trellis {
    int rows, chains;
    std::vector<float> costs[4], magnitudes[4];
    std::vector<uint8_t> choices, picks;

    Trellis(int size, int chains) : rows((size + chains - 1) / chains), chains(chains), choices(size_t(rows) * chains), picks(size_t(rows) * chains) {
        for (auto& c : costs) c.assign(size_t(rows) * chains, 0.f);
        for (auto& m : magnitudes) m.assign(size_t(rows) * chains, 0.f);
    }

    void search() {
        std::vector<float> total(size_t(STATES) * chains, INFINITE);
        std::fill(total.begin(), total.begin() + chains, 0.f);
        float* t = total.data();
        for (int row = 0; row < rows; row++) {
            const float* c[4];
            for (int i = 0; i < 4; i++) c[i] = &costs[i][size_t(row) * chains];
            uint8_t* choice = &choices[size_t(row) * chains];
            #pragma omp simd
            for (int i = 0; i < chains; i++) {
                int mask = 0;
                auto better = [&mask](float a, float b, int bit) { mask |= b < a ? bit : 0; return b < a ? b : a; };
                // Sources of each state in dependent.SOURCES' order; odd states have quantizer 1. Arrays in place of names would not be vectorized.
                float even = c[0][i], odd = c[1][i], even1 = c[2][i], odd1 = c[3][i];
                float s0 = t[i], s1 = t[chains + i], s2 = t[2 * chains + i], s3 = t[3 * chains + i];
                float s4 = t[4 * chains + i], s5 = t[5 * chains + i], s6 = t[6 * chains + i], s7 = t[7 * chains + i];
                float n0 = better(s0 + even, s4 + odd, 1), n1 = better(s2 + even, s6 + odd, 2), n2 = better(s0 + odd, s4 + even, 4);
                float n3 = better(s2 + odd, s6 + even, 8), n4 = better(s3 + odd1, s5 + even1, 16), n5 = better(s1 + even1, s7 + odd1, 32);
                float n6 = better(s3 + even1, s5 + odd1, 64), n7 = better(s1 + odd1, s7 + even1, 128);
                t[i] = 0;
                t[chains + i] = n1 - n0;
                t[2 * chains + i] = n2 - n0;
                t[3 * chains + i] = n3 - n0;
                t[4 * chains + i] = n4 - n0;
                t[5 * chains + i] = n5 - n0;
                t[6 * chains + i] = n6 - n0;
                t[7 * chains + i] = n7 - n0;
                choice[i] = uint8_t(mask);
            }
        }
        std::vector<int> state(chains);
        for (int i = 0; i < chains; i++)
            for (int s = 1; s < STATES; s++)
                if (t[s * chains + i] < t[state[i] * chains + i]) state[i] = s;
        for (int row = rows - 1; row >= 0; row--) {
            const uint8_t* choice = &choices[size_t(row) * chains];
            uint8_t* pick = &picks[size_t(row) * chains];
            for (int i = 0; i < chains; i++) {
                int s = state[i], which = choice[i] >> s & 1;
                state[i] = SOURCES.state[s][which];
                pick[i] = uint8_t(2 * (state[i] % 2) + SOURCES.parity[s][which]);
            }
        }
    }
};

/** dependent.candidates of one residual under one quantizer, at place i of the trellis. */
template <int quantizer>
[[gnu::always_inline]] [[gnu::always_inline]] inline void candidates(float residual, float index, float price, Mixture m, float* even_cost, float* odd_cost, float* even_magnitude,
                       float* odd_magnitude, int i) {
    const float a = std::fabs(residual), inverse = 1 / exp2_of(index / 8 + LOG_SCALE_MIN / 16), wide_inverse = inverse / m.widening;
    const bool certain = (index < CERTAIN) & (a < SPACING);
    float below = std::floor(a * .8f + .5f * quantizer), above = below + 1;
    float e0 = low_of(below, quantizer) * SPACING, e1 = high_of(below, quantizer) * SPACING, e2 = high_of(above, quantizer) * SPACING;
    float n0 = fall(e0 * inverse), n1 = fall(e1 * inverse), n2 = fall(e2 * inverse);
    float w0 = fall(e0 * wide_inverse), w1 = fall(e1 * wide_inverse), w2 = fall(e2 * wide_inverse);
    float half = high_of(0, quantizer) * SPACING;
    float bits_zero = bits_of_mass(fall(-half * inverse) - fall(half * inverse), fall(-half * wide_inverse) - fall(half * wide_inverse), m);
    float off_below = a - (2 * below - (quantizer && below > 0 ? 1.f : 0.f)) * SPACING, off_above = a - (2 * above - quantizer) * SPACING;
    float cost_below = off_below * off_below + price * bits_of_mass(n0 - n1, w0 - w1, m);
    float cost_above = off_above * off_above + price * bits_of_mass(n1 - n2, w1 - w2, m);
    float cost_zero = a * a + price * bits_zero;
    bool even = below == 2 * std::floor(below * .5f);
    float cost_even = even ? cost_below : cost_above, cost_odd = even ? cost_above : cost_below;
    bool nothing = (cost_zero < cost_even) | certain;
    even_magnitude[i] = nothing ? 0 : even ? below : above;
    odd_magnitude[i] = even ? above : below;
    even_cost[i] = nothing ? cost_zero : cost_even;
    odd_cost[i] = certain ? INFINITE : cost_odd;
}

/** Sums along one axis of (outer, n, inner) with weights that are symmetric, half[0] in the middle; what is beyond the ends is zero. before, after: factors by place, or null. */
void filter(const float* x, float* y, long outer, long n, long inner, const float* half, int radius, const float* before, const float* after) {
    if (inner == 1) {
        std::vector<float> padded(n + 2 * radius, 0.f);
        float* p = padded.data() + radius;
        for (long o = 0; o < outer; o++, x += n, y += n) {
            for (long i = 0; i < n; i++) p[i] = before ? x[i] * before[i] : x[i];
            for (long i = 0; i < n; i++) y[i] = half[0] * p[i];
            for (int t = 1; t <= radius; t++) {
                const float* a = p - t;
                const float* b = p + t;
                #pragma omp simd
                for (long i = 0; i < n; i++) y[i] += half[t] * (a[i] + b[i]);
            }
            if (after) for (long i = 0; i < n; i++) y[i] *= after[i];
        }
        return;
    }
    for (long o = 0; o < outer; o++, x += n * inner, y += n * inner)
        for (long i = 0; i < n; i++) {
            float* out = y + i * inner;
            const float* in = x + i * inner;
            float middle = half[0] * (before ? before[i] : 1);
            for (long j = 0; j < inner; j++) out[j] = middle * in[j];
            for (int t = 1; t <= radius; t++) {
                bool has_a = i >= t, has_b = i + t < n;
                const float* a = has_a ? in - t * inner : in;
                const float* b = has_b ? in + t * inner : in;
                float wa = has_a ? half[t] * (before ? before[i - t] : 1) : 0, wb = has_b ? half[t] * (before ? before[i + t] : 1) : 0;
                #pragma omp simd
                for (long j = 0; j < inner; j++) out[j] += wa * a[j] + wb * b[j];
            }
            if (after) for (long j = 0; j < inner; j++) out[j] *= after[i];
        }
}

}  // namespace

extern "C" {

/** prior.code_symbol_step; y: of each picture n planes one behind the other, pictures y_stride apart; noise: uniform in 0..1, or null. */
void code_symbol_step(int batch, int n, int plane, int chains, const float* o, const float* y, long y_stride, const float* noise, const float* mixture, float price,
               float* bits, float* z, float* view, float* symbols, float* quantizers, float* index, float* by_residual, float* by_spread, float* by_mixture) {
    const Mixture m{mixture[0], mixture[1]};
    const int size = n * plane;
    std::vector<float> residual(size);
    Trellis trellis(size, chains);
    for (int b = 0; b < batch; b++) {
        const float* mean = o + 2L * b * size;
        const float* log_scale = mean + size;
        const float* given = y + b * y_stride;
        float* idx = index + long(b) * size;
        float* d = residual.data();
        float* zb = z + long(b) * size;
        float *c0 = trellis.costs[0].data(), *c1 = trellis.costs[1].data(), *c2 = trellis.costs[2].data(), *c3 = trellis.costs[3].data();
        float *m0 = trellis.magnitudes[0].data(), *m1 = trellis.magnitudes[1].data(), *m2 = trellis.magnitudes[2].data(), *m3 = trellis.magnitudes[3].data();
        #pragma omp simd
        for (int i = 0; i < size; i++) {
            float k = (round_half_up(log_scale[i] * 16) - LOG_SCALE_MIN) * .5f;
            k = least(most(round_half_up(k), 0.f), SCALE_INDICES - 1);
            idx[i] = k;
            float mu = round_half_up(least(most(mean[i], -127.f), 127.f) * 16) / 16;
            mu = k < CERTAIN ? 0 : mu;
            zb[i] = mu;
            d[i] = given[i] - mu;
        }
        #pragma omp simd
        for (int i = 0; i < size; i++) candidates<0>(d[i], idx[i], price, m, c0, c1, m0, m1, i);
        #pragma omp simd
        for (int i = 0; i < size; i++) candidates<1>(d[i], idx[i], price, m, c2, c3, m2, m3, i);
        trellis.search();
        const uint8_t* pick = trellis.picks.data();
        float* s = symbols + long(b) * size;
        float* q = quantizers + long(b) * size;
        float* gd = by_residual + long(b) * size;
        float* gs = by_spread + long(b) * size;
        float* v = view + 2L * b * size;
        double sums[3] = {0, 0, 0};
        for (int at = 0; at < size; at += 1024) {
            const int end = std::min(size, at + 1024);
            float sum = 0, sum_weight = 0, sum_widening = 0;
            #pragma omp simd reduction(+ : sum, sum_weight, sum_widening)
            for (int i = at; i < end; i++) {
                int p = pick[i];
                float quantizer = p >> 1;
                float magnitude = p == 0 ? m0[i] : p == 1 ? m1[i] : p == 2 ? m2[i] : m3[i];
                float reconstruction_level = 2 * magnitude - (magnitude > 0 ? quantizer : 0);
                float r = d[i] < 0 ? -reconstruction_level * SPACING : reconstruction_level * SPACING;
                s[i] = d[i] < 0 ? -magnitude : magnitude;
                q[i] = quantizer;
                float value = zb[i] + r;
                zb[i] = value;
                float of = companded.of[int(least(std::fabs(value), 256.f) * 16)];
                v[size + i] = of;
                v[i] = value < 0 ? -of : of;
                float raw = round_half_up((round_half_up(log_scale[i] * 16) - LOG_SCALE_MIN) * .5f);
                float spread = exp2_of(idx[i] / 8 + LOG_SCALE_MIN / 16);
                float low = quantizer == 0 ? low_of(magnitude, 0) : low_of(magnitude, 1), high = quantizer == 0 ? high_of(magnitude, 0) : high_of(magnitude, 1);
                Bits coded = bits_between(low * SPACING, high * SPACING, spread, m);
                sum += coded.bits;
                sum_weight += coded.by_weight;
                sum_widening += coded.by_widening;
                gs[i] = (raw >= 0) & (raw < SCALE_INDICES) ? coded.by_spread * spread * LN2 : 0;
            }
            if (noise) {
                const float* u = noise + long(b) * size;
                #pragma omp simd
                for (int i = at; i < end; i++) {
                    float x = d[i] + (2 * u[i] - 1) * SPACING, a = std::fabs(x);
                    Bits around = bits_between(a - SPACING, a + SPACING, exp2_of(idx[i] / 8 + LOG_SCALE_MIN / 16), m);
                    float g = around.by_low + around.by_high;
                    gd[i] = x < 0 ? -g : x > 0 ? g : 0;
                }
            } else {
                std::fill(gd + at, gd + end, 0.f);
            }
            sums[0] += sum;
            sums[1] += sum_weight;
            sums[2] += sum_widening;
        }
        bits[b] = float(sums[0]);
        by_mixture[2 * b] = float(sums[1]);
        by_mixture[2 * b + 1] = float(sums[2]);
    }
}

/** Gradients of code_symbol_step's o and y, given those of bits and z (or null). */
void code_symbol_step_backward(int batch, int size, const float* o, const float* symbols, const float* index, const float* by_residual, const float* by_spread,
                        const float* of_bits, const float* of_z, float* of_o, float* of_y) {
    for (int b = 0; b < batch; b++) {
        const float g = of_bits ? of_bits[b] : 0;
        const long at = long(b) * size;
        #pragma omp simd
        for (long i = 0; i < size; i++) {
            float by = g * by_residual[at + i], z = of_z && symbols[at + i] == 0 ? of_z[at + i] : 0;
            bool moves = (std::fabs(o[2 * at + i]) <= 127) & (index[at + i] >= CERTAIN);
            of_y[at + i] = by;
            of_o[2 * at + i] = moves ? z - by : 0;
            of_o[2 * at + size + i] = g * by_spread[at + i];
        }
    }
}

void activation(long n, const float* x, float* y) {
    for (long i = 0; i < n; i++) y[i] = round_half_up(least(most(x[i], 0.f), TOP) * 16) / 16;
}

void activation_backward(long n, const float* x, const float* g, float* out) {
    for (long i = 0; i < n; i++) out[i] = (x[i] >= 0) & (x[i] <= TOP) ? g[i] : LEAK * g[i];
}

/** Multiples of 1 / (steps * 2^shift) of at most limit of them, with a shift for each output. */
void quantized(int outputs, long inputs, const float* shift, float steps, float limit, const float* x, float* y) {
    for (int o = 0; o < outputs; o++) {
        const float unit = std::exp2(shift[o]) * steps, inverse = 1 / unit;  // powers of two
        for (long i = 0; i < inputs; i++) y[o * inputs + i] = least(most(std::rint(x[o * inputs + i] * unit), -limit), limit) * inverse;
    }
}

/** IntConv.shift: the largest magnitude of an output's weights, and of those that share its sums, decides. lengths: weights an output has in each of the arrays. */
void shift(int outputs, int arrays, const float* const* weights, const long* lengths, float* out) {
    for (int o = 0; o < outputs; o++) {
        float top = 1e-3f;
        for (int k = 0; k < arrays; k++)
            for (long i = 0; i < lengths[k]; i++) top = most(top, std::fabs(weights[k][o * lengths[k] + i]));
        out[o] = least(most(std::floor(std::log2(127 / top)), 0.f), 12.f);
    }
}

void soften(long n, float knee, const float* x, float* y) {
    for (long i = 0; i < n; i++) {
        float v = knee * (std::sqrt(1 + 2 * std::fabs(x[i]) / knee) - 1);
        y[i] = x[i] < 0 ? -v : v;
    }
}

void soften_backward(long n, float knee, const float* x, const float* g, float* out) {
    for (long i = 0; i < n; i++) out[i] = x[i] == 0 ? 0 : g[i] / std::sqrt(1 + 2 * std::fabs(x[i]) / knee);
}

/** coefficient_net.gained: what correction (c), gain (g) and coefficient (x) make, (f(g) - 1) * (x + c) + c. */
void gained(long n, float unit, const float* c, const float* g, const float* x, float* y) {
    for (long i = 0; i < n; i++) {
        float v = unit * g[i], f = v < 0 ? 1 / (1 - v) : 1 + v;
        y[i] = c[i] + (f - 1) * (x[i] + c[i]);
    }
}

void gained_backward(long n, float unit, const float* c, const float* g, const float* x, const float* of_y, float* of_c, float* of_g, float* of_x) {
    for (long i = 0; i < n; i++) {
        float v = unit * g[i], f = v < 0 ? 1 / (1 - v) : 1 + v;
        of_c[i] = of_y[i] * f;
        of_x[i] = of_y[i] * (f - 1);
        of_g[i] = of_y[i] * (x[i] + c[i]) * (v < 0 ? f * f : 1) * unit;
    }
}

/** Sums along the second axis of (outer, n, inner); see filter. */
void filtered(const float* x, float* y, long outer, long n, long inner, const float* half, int radius, const float* before, const float* after) {
    filter(x, y, outer, n, inner, half, radius, before, after);
}

/** masking.cheapened in place. */
void cheapened(int rows, int columns, float tolerance, float* gains) {
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < columns; x++) {
            float* at = gains + long(y) * columns + x;
            float left = x ? at[-1] : y ? at[-columns] : 0, above = y ? at[-columns] : left;
            float plane = x && y ? left + above - at[-columns - 1] : above;
            float predicted = most(least(left, above), least(most(left, above), plane));
            *at = std::fabs(*at - predicted) <= tolerance ? predicted : round_half_up(*at);
        }
}

}
