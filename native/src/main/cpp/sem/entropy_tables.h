// SPDX-License-Identifier: Apache-2.0
/** The scale tables of residual symbols, as both entropy coders in C++ use them (FORMAT.md, "Symbols"). */
#ifndef SEM_ENTROPY_TABLES_H
#define SEM_ENTROPY_TABLES_H

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sem/symbols.h"

namespace sem {

/** The scale tables, as both coders use them. */
class EntropyTables {
public:
    /**
     * @param sizes       entries of each table, those of the second quantizer behind those of the first
     * @param frequencies of all entries, table by table
     * @param quantizers  1, or 2 for dependent quantization
     */
    EntropyTables(const int32_t* sizes, const int32_t* frequencies, int quantizers) {
        index_ = {};
        index_.quantizers = quantizers;
        size_t total = 0;
        for (int t = 0; t < quantizers * TABLES; t++) {
            total += sizes[t];
        }
        entries_.reserve(total);
        for (int t = 0; t < quantizers * TABLES; t++) {
            index_.base[t] = static_cast<uint32_t>(entries_.size());
            index_.radius[t] = (sizes[t] - 2) / 2;
            uint32_t start = 0;
            for (int k = 0; k < sizes[t]; k++) {
                uint32_t freq = static_cast<uint32_t>(*frequencies++);
                int32_t symbol = k == sizes[t] - 1 ? detail::ESCAPE : k % 2 == 1 ? (k + 1) / 2 : -k / 2;
                uint64_t reciprocal = ((uint64_t(1) << 48) + freq - 1) / freq;
                entries_.push_back({reciprocal, static_cast<uint16_t>(start), static_cast<uint16_t>(freq), symbol});
                // The first entry of a bucket of 256 slots is the one that holds the bucket's first slot.
                for (uint32_t bucket = (start + 255) / 256; bucket < (start + freq + 255) / 256; bucket++) {
                    index_.first[t][bucket] = static_cast<uint8_t>(k);
                }
                start += freq;
            }
        }
        for (int row = 0; row < quantizers * SCALE_INDICES; row++) {
            index_.zero[row] = detail::low_bits(row) == 0 ? entries_[index_.base[detail::table_of(row)]].freq : 0;
        }
    }

    int quantizers() const {
        return index_.quantizers;
    }

    /** By row, the frequency of the symbol zero, whose interval starts at 0; 0 in rows with low bits. */
    const int32_t* zero() const {
        return index_.zero;
    }

    /** The entry that holds a slot. */
    const detail::Entry& find(int table, uint32_t slot) const {
        return detail::find(index_, entries_.data(), table, slot);
    }

    const detail::Entry& entry(int table, int index) const {
        return entries_[index_.base[table] + index];
    }

    /** The largest magnitude that a table holds without escape. */
    int radius(int table) const {
        return index_.radius[table];
    }

    /** For a copy on a device. */
    const detail::TableIndex& index() const {
        return index_;
    }

    /** For a copy on a device. */
    const std::vector<detail::Entry>& entries() const {
        return entries_;
    }

private:
    detail::TableIndex index_;
    std::vector<detail::Entry> entries_;
};

}  // namespace sem

#endif
