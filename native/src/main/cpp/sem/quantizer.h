// SPDX-License-Identifier: Apache-2.0
/**
 * An encoder's way through the trellis of dependent quantization in C++; org.semimage.compute.entropy.DependentQuantizer is the reference.
 *
 * Costs of a symbol step's symbols are set one by one, by many threads; then a few chains at a time are walked through, next to each other
 * in the elements of vectors.
 */
#ifndef SEM_QUANTIZER_H
#define SEM_QUANTIZER_H

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "sem/dependent.h"

namespace sem {

/** Ideal code lengths of symbols in bits, as org.semimage.compute.entropy.ScaleTables gives them. */
class SymbolCosts {
public:
    /**
     * @param sizes entries of each table of both quantizers
     * @param bits  of all entries, table by table
     */
    SymbolCosts(const int32_t* sizes, const float* bits) {
        size_t first[2 * TABLES];
        for (int t = 0; t < 2 * TABLES; t++) {
            first[t] = by_magnitude_.size();
            for (int entry = 0; entry < sizes[t] - 1; entry += 2) {
                by_magnitude_.push_back(bits[entry]);
            }
            by_magnitude_.push_back(bits[sizes[t] - 1] + detail::ESCAPE_HEAD_BITS);
            bits += sizes[t];
        }
        for (int row = 0; row < 2 * SCALE_INDICES; row++) {
            int table = detail::table_of(row);
            rows_[row] = {first[table], (sizes[table] - 2) / 2, detail::low_bits(row)};
        }
    }

    float operator()(int row, int32_t symbol) const {
        const Row& r = rows_[row];
        return detail::ideal_bits(&by_magnitude_[r.first], r.radius, r.low, symbol);
    }

private:
    struct Row {
        size_t first;
        int radius;
        int low;
    };

    Row rows_[2 * SCALE_INDICES];
    /** Of each table the bits of magnitudes up to its radius, then those of an escape with its head. */
    std::vector<float> by_magnitude_;
};

/** Quantizes one symbol step after the other. */
class DependentQuantizer {
public:
    /** Chains that are walked through together. */
    static constexpr int TOGETHER = 8;

    /** @param lambda price of a bit in squared quantizer steps */
    DependentQuantizer(const SymbolCosts& bits, float lambda) : bits_(bits), lambda_(lambda) {
    }

    /** Begins a symbol step of so many symbols. */
    void begin(int size) {
        size_ = size;
        chains_ = chains_of(size);
        chains_log2_ = top_bit(chains_);
        stride_ = std::max(chains_, TOGETHER);
        rows_ = (size + chains_ - 1) / chains_;
        residuals_.resize(size);
        costs_.resize(static_cast<size_t>(rows_) * 4 * stride_);
        choices_.resize(static_cast<size_t>(rows_) * stride_);
    }

    /** How many walks there are through the chains of the symbol step. */
    int walks() const {
        return stride_ / TOGETHER;
    }

    /** Sets the residual of symbol i in quantizer steps; from any thread. */
    void set(int i, float residual, int scale_index) {
        residuals_[i] = residual;
        float magnitude = detail::bounded_magnitude(residual);
        float* costs = &costs_[static_cast<size_t>(i >> chains_log2_) * 4 * stride_ + (i & (chains_ - 1))];
        for (int quantizer = 0; quantizer < 2; quantizer++) {
            float* even = costs + 2 * quantizer * stride_;
            detail::parity_costs(magnitude, scale_index, quantizer, lambda_, bits_, even[0], even[stride_]);
        }
    }

    /**
     * Walks through some of the chains, when all residuals are set; from any thread.
     *
     * @param walk    which ones, 0..walks()-1
     * @param rows    scale indices of the symbol step; those of the chains become rows
     * @param symbols set, of the chains
     * @param reconstruction_levels set, of the chains
     */
    void solve(int walk, int8_t* rows, int32_t* symbols, int32_t* reconstruction_levels) {
        int first = walk * TOGETHER;
        float reached[detail::STATES][TOGETHER];
        for (int state = 0; state < detail::STATES; state++) {
            std::fill(reached[state], reached[state] + TOGETHER, state == 0 ? 0 : INFINITY);
        }
        int whole = size_ / chains_;
        for (int row = 0; row < whole; row++) {
            advance(row, first, reached);
        }
        // Chains that end a row earlier stay where they are.
        float before[detail::STATES][TOGETHER];
        std::copy(&reached[0][0], &reached[0][0] + detail::STATES * TOGETHER, &before[0][0]);
        if (whole < rows_) {
            advance(whole, first, reached);
        }
        for (int chain = first; chain < std::min(chains_, first + TOGETHER); chain++) {
            int length = (size_ - chain + chains_ - 1) / chains_;
            trace(chain, length, best_state(length > whole || whole == rows_ ? reached : before, chain - first), rows, symbols,
                    reconstruction_levels);
        }
    }

private:
    /** One symbol further on each chain; a bit of a choice says by which of its two sources a state is reached. */
    void advance(int row, int first_chain, float (&reached)[detail::STATES][TOGETHER]) {
        const float* costs = &costs_[static_cast<size_t>(row) * 4 * stride_ + first_chain];
        uint8_t* choices = &choices_[static_cast<size_t>(row) * stride_ + first_chain];
        float next[detail::STATES][TOGETHER];
        int32_t chosen[TOGETHER] = {};
        for (int state = 0; state < detail::STATES; state++) {
            const float* from_first = reached[detail::source_of(state, 0)];
            const float* from_second = reached[detail::source_of(state, 1)];
            const float* first_costs = costs + (2 * (detail::source_of(state, 0) & 1) + detail::source_parity(state, 0)) * stride_;
            const float* second_costs = costs + (2 * (detail::source_of(state, 1) & 1) + detail::source_parity(state, 1)) * stride_;
            for (int i = 0; i < TOGETHER; i++) {
                float first = from_first[i] + first_costs[i];
                float second = from_second[i] + second_costs[i];
                next[state][i] = second < first ? second : first;
                chosen[i] |= second < first ? 1 << state : 0;
            }
        }
        // Differences are all that matters, and floats are exact enough for them only near zero.
        for (int state = 0; state < detail::STATES; state++) {
            for (int i = 0; i < TOGETHER; i++) {
                reached[state][i] = next[state][i] - next[0][i];
            }
        }
        for (int i = 0; i < TOGETHER; i++) {
            choices[i] = static_cast<uint8_t>(chosen[i]);
        }
    }

    static int best_state(const float (&reached)[detail::STATES][TOGETHER], int i) {
        int best = 0;
        for (int state = 1; state < detail::STATES; state++) {
            best = reached[state][i] < reached[best][i] ? state : best;
        }
        return best;
    }

    void trace(int chain, int length, int state, int8_t* rows, int32_t* symbols, int32_t* reconstruction_levels) const {
        for (int row = length - 1; row >= 0; row--) {
            int i = row * chains_ + chain;
            int choice = choices_[static_cast<size_t>(row) * stride_ + chain] >> state & 1;
            int parity = detail::source_parity(state, choice);
            state = detail::source_of(state, choice);
            int quantizer = detail::quantizer_of(state);
            int32_t symbol = detail::symbol_of_parity(detail::bounded_magnitude(residuals_[i]), rows[i], quantizer, parity, lambda_, bits_);
            symbols[i] = residuals_[i] < 0 ? -symbol : symbol;
            rows[i] = static_cast<int8_t>(detail::row_of(rows[i], quantizer));
            reconstruction_levels[i] = detail::reconstruction_level(symbols[i], quantizer);
        }
    }

    const SymbolCosts& bits_;
    float lambda_;
    int size_ = 0, chains_ = 1, chains_log2_ = 0, rows_ = 0;
    /** Room for chains in a row. */
    int stride_ = 0;
    std::vector<float> residuals_, costs_;
    std::vector<uint8_t> choices_;
};

}  // namespace sem

#endif
