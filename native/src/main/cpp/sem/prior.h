// SPDX-License-Identifier: Apache-2.0
/**
 * A level of the integer prior in C++ (FORMAT.md, "Integer prior" and "Refinement"); see org.semimage.compute.prior.PriorLevels for what
 * goes in and out.
 */
#ifndef SEM_PRIOR_H
#define SEM_PRIOR_H

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sem/entropy_decoder.h"
#include "sem/prior_walk.h"
#include "sem/prior_weights.h"
#include "sem/quantizer.h"
#include "sem/refinement.h"

namespace sem {

/** A level of the prior, and what is done with it. Filled by the methods that add, then used by many threads. */
class PriorLevel : public detail::LevelWeights {
public:
    using LevelWeights::LevelWeights;

    /**
     * Quantizes coefficients.
     *
     * @param height  of the bands
     * @param target  [band][height * width]
     * @param symbols of all symbol steps, [phase channel][grid] in coding order
     * @param rows    the same: their rows, as the entropy coder takes them
     * @param decoded [band][height * width]; bands that are not coded are left alone
     * @param next    the next level's context; unused without `add_up`
     * @param cancelled turns from 0 to 1 when nobody wants the result any more, which is then of no meaning; or null
     */
    void quantize(int threads, int height, int width, bool gray, int quality_index, float lambda, const SymbolCosts& costs,
            const int8_t* context, const float* target, int32_t* symbols, int8_t* rows, float* decoded, int8_t* next,
            const int32_t* cancelled = nullptr) const {
        detail::PriorWalk walk(*this, threads, height, width, quality_index, context, cancelled);
        DependentQuantizer quantizer(costs, lambda);
        std::vector<int32_t> reconstruction_levels;
        for (int k = 0; k < symbol_steps_to_code(gray); k++) {
            int size = static_cast<int>(symbol_steps[k].channels.size()) * walk.grid.area();
            walk.predict(k, rows);
            const int16_t* means = walk.means.data();
            quantizer.begin(size);
            walk.each(k, [&](size_t in_band, int i) { quantizer.set(i, target[in_band] - means[i] / 16.0f, rows[i]); });
            if (walk.cancelled()) {
                return;
            }
            reconstruction_levels.resize(size);
            walk.team.run(quantizer.walks(), [&](int, int job) { quantizer.solve(job, rows, symbols, reconstruction_levels.data()); });
            const int32_t* found = reconstruction_levels.data();
            walk.code(k, [=](size_t in_band, int i) { return reconstructed(decoded[in_band], found[i], means[i]); });
            symbols += size;
            rows += size;
        }
        walk.hand_down(next);
    }

    /** Decodes coefficients; see `quantize`. Symbols that the decoder does not have are zero. */
    void decode(int threads, int height, int width, bool gray, int quality_index, const int8_t* context, EntropyDecoder& decoder,
            float* decoded, int8_t* next, const int32_t* cancelled = nullptr) const {
        detail::PriorWalk walk(*this, threads, height, width, quality_index, context, cancelled);
        std::vector<int8_t> scale_indices;
        std::vector<int32_t> symbols;
        for (int k = 0; k < symbol_steps_to_code(gray); k++) {
            int size = static_cast<int>(symbol_steps[k].channels.size()) * walk.grid.area();
            scale_indices.resize(size);
            symbols.resize(size);
            walk.predict(k, scale_indices.data());
            if (walk.cancelled()) {
                return;
            }
            decoder.decode(scale_indices.data(), symbols.data(), size, 0, size);
            const int16_t* means = walk.means.data();
            const int32_t* found = symbols.data();
            walk.code(k, [=](size_t in_band, int i) { return reconstructed(decoded[in_band], found[i], means[i]); });
        }
        walk.hand_down(next);
    }

    /**
     * Refines coefficients; see `quantize`.
     *
     * @param cells   [band][height * width] from the layer before
     * @param classes of all symbol steps, as symbols
     * @param refined [band][height * width] cells
     */
    void refine(int threads, int height, int width, bool gray, int quality_index, float lambda, const RefinementTables& refinement,
            const int8_t* context, const int32_t* cells, const float* target, int32_t* symbols, int8_t* classes, int32_t* refined,
            int8_t* next, const int32_t* cancelled = nullptr) const {
        detail::PriorWalk walk(*this, threads, height, width, quality_index, context, cancelled);
        std::transform(cells, cells + static_cast<size_t>(bands(gray)) * height * width, refined, RefinementTables::unrefined);
        for (int k = 0; k < symbol_steps_to_code(gray); k++) {
            int size = static_cast<int>(symbol_steps[k].channels.size()) * walk.grid.area();
            walk.predict(k, classes);
            if (walk.cancelled()) {
                return;
            }
            walk.code(k, [&](size_t in_band, int i) {
                int32_t centre = RefinementTables::centre(cells[in_band]);
                int32_t distance = walk.means[i] - centre;
                classes[i] = RefinementTables::class_of(cells[in_band], distance, classes[i]);
                symbols[i] = refinement.quantize(16 * target[in_band] - centre, distance, classes[i], lambda);
                refined[in_band] = refinement.refined(cells[in_band], distance, classes[i], symbols[i]);
                return RefinementTables::value(refined[in_band]);
            });
            symbols += size;
            classes += size;
        }
        walk.hand_down(next);
    }

    /** Decodes a refinement; see `refine`. Coefficients whose symbols the decoder does not have are where they are expected. */
    void decode_refinement(int threads, int height, int width, bool gray, int quality_index, const RefinementTables& refinement,
            const int8_t* context, const int32_t* cells, EntropyDecoder& decoder, int32_t* refined, int8_t* next,
            const int32_t* cancelled = nullptr) const {
        detail::PriorWalk walk(*this, threads, height, width, quality_index, context, cancelled);
        std::transform(cells, cells + static_cast<size_t>(bands(gray)) * height * width, refined, RefinementTables::unrefined);
        std::vector<int8_t> classes;
        std::vector<int32_t> symbols;
        for (int k = 0; k < symbol_steps_to_code(gray); k++) {
            int size = static_cast<int>(symbol_steps[k].channels.size()) * walk.grid.area();
            classes.resize(size);
            symbols.resize(size);
            walk.predict(k, classes.data());
            if (walk.cancelled()) {
                return;
            }
            walk.each(k, [&](size_t in_band, int i) {
                classes[i] = RefinementTables::class_of(cells[in_band], walk.means[i] - RefinementTables::centre(cells[in_band]),
                        classes[i]);
            });
            if (walk.cancelled()) {
                return;
            }
            int decoded = decoder.decode(classes.data(), symbols.data(), size, 0, size);
            walk.code(k, [&](size_t in_band, int i) {
                int32_t distance = walk.means[i] - RefinementTables::centre(cells[in_band]);
                refined[in_band] = i < decoded ? refinement.refined(cells[in_band], distance, classes[i], symbols[i])
                        : refinement.expected(cells[in_band], distance, classes[i]);
                return RefinementTables::value(refined[in_band]);
            });
        }
        walk.hand_down(next);
    }

private:
    /** Stores a coefficient in quantizer steps, and gives it in sixteenths. */
    static int32_t reconstructed(float& decoded, int32_t reconstruction_level, int32_t mean) {
        int32_t value = detail::SPACING_SIXTEENTHS * reconstruction_level + mean;
        decoded = value / 16.0f;
        return value;
    }
};

}  // namespace sem

#endif
