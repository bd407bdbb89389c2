// SPDX-License-Identifier: Apache-2.0
/** A request to stop, which Java makes while C++ works; see org.semimage.compute.Cancellation. */
#ifndef SEM_CANCELLATION_H
#define SEM_CANCELLATION_H

#include <cstdint>

namespace sem {

/** Whether a flag, which another thread turns from 0 to 1, has been turned. @param flag null for work that cannot be cancelled */
inline bool requested(const int32_t* flag) {
    return flag != nullptr && __atomic_load_n(flag, __ATOMIC_RELAXED) != 0;
}

}

#endif
