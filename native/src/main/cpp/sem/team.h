// SPDX-License-Identifier: Apache-2.0
/** Threads that share the work of one call. */
#ifndef SEM_TEAM_H
#define SEM_TEAM_H

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace sem {

namespace detail {

/**
 * A caller and its helpers, which end with the team. Between jobs they wait awake for a moment, as the next jobs mostly come within
 * microseconds, and then asleep. A helper that the system does not run keeps nobody waiting unless it is in the middle of a job.
 */
class Team {
public:
    /** @param size the most threads, the caller among them; if the system gives fewer, those there are do the work */
    explicit Team(int size) {
        try {
            for (int worker = 1; worker < size; worker++) {
                helpers_.emplace_back([this, worker] { help(worker); });
            }
        } catch (const std::system_error&) {
            // The caller works too: a team of one is enough.
        }
    }

    Team(const Team&) = delete;
    Team& operator=(const Team&) = delete;

    ~Team() {
        {
            std::lock_guard<std::mutex> lock(mutex_);
            ends_ = true;
            round_++;
        }
        called_.notify_all();
        for (std::thread& helper : helpers_) {
            helper.join();
        }
    }

    /** Threads, numbered from 0, the caller. */
    int size() const {
        return 1 + static_cast<int>(helpers_.size());
    }

    /** Runs job(worker, index) for indices 0..jobs-1, and returns when all are done. For one caller at a time. */
    template <typename Job>
    void run(int jobs, const Job& job) {
        if (helpers_.empty() || jobs < 2) {
            for (int index = 0; index < jobs; index++) {
                job(0, index);
            }
            return;
        }
        {
            std::lock_guard<std::mutex> lock(mutex_);
            call_ = [](const void* job, int worker, int index) { (*static_cast<const Job*>(job))(worker, index); };
            job_ = &job;
            jobs_ = jobs;
            next_ = 0;
            open_ = true;
            round_++;
        }
        called_.notify_all();
        work(0);
        for (int i = 0; i < SPINS && inside_ > 0; i++) {
            pause();
        }
        std::unique_lock<std::mutex> lock(mutex_);
        open_ = false;
        left_.wait(lock, [this] { return inside_ == 0; });
    }

private:
    /** About twenty microseconds. */
    static constexpr int SPINS = 1000;

    static void pause() {
#if defined(__x86_64__) && defined(__GNUC__)
        __builtin_ia32_pause();
#else
        std::this_thread::yield();
#endif
    }

    void help(int worker) {
        unsigned seen = 0;
        while (true) {
            for (int i = 0; i < SPINS && round_ == seen; i++) {
                pause();
            }
            {
                std::unique_lock<std::mutex> lock(mutex_);
                called_.wait(lock, [&] { return round_ != seen; });
                seen = round_;
                if (ends_) {
                    return;
                }
                if (!open_) {
                    continue;
                }
                inside_++;
            }
            work(worker);
            std::lock_guard<std::mutex> lock(mutex_);
            if (--inside_ == 0) {
                left_.notify_one();
            }
        }
    }

    void work(int worker) {
        for (int index = next_++; index < jobs_; index = next_++) {
            call_(job_, worker, index);
        }
    }

    std::vector<std::thread> helpers_;
    std::mutex mutex_;
    std::condition_variable called_, left_;
    std::atomic<unsigned> round_{0};
    std::atomic<int> next_{0}, inside_{0};
    bool open_ = false, ends_ = false;
    void (*call_)(const void*, int, int) = nullptr;
    const void* job_ = nullptr;
    int jobs_ = 0;
};

}  // namespace detail

}  // namespace sem

#endif
