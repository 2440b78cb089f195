#pragma once

namespace gewu::store::sqlite {

// What memory the store may take beside the directory, however large the office is.

inline constexpr int kWriterPagesKib = 32 * 1024;   ///< SQLite's pages of a connection that writes
inline constexpr int kReaderPagesKib = 4 * 1024;    ///< of one that only reads
inline constexpr int kWriters = 2;                  ///< the office's file and the keys'
inline constexpr int kReadersKept = 8;              ///< that stay open between requests
inline constexpr int kSnapshotsKept = 4'096;        ///< matters that the writer touched last
inline constexpr int kSnapshotsKeptMaking = 131'072;  ///< of an office in the making, that serves nobody
inline constexpr int kMakingPagesKib = 256 * 1024;  ///< its pages
inline constexpr int kSnapshotKib = 6;              ///< of an ordinary matter, rounded up

/// All of them, in MB of 2^20 bytes: `gewu bench` holds a large office's server to it.
inline constexpr double kCachesMb = (kWriterPagesKib * kWriters + kReaderPagesKib * kReadersKept +
                                     kSnapshotsKept * kSnapshotKib) /
                                    1024.0;

}  // namespace gewu::store::sqlite
