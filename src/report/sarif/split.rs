//! How many results go into a run, and how many runs into a log, where a service takes only so much: GitHub's limits are those of
//! <https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>. A log
//! that may be too long is compressed to find out, as an upload does it.

use std::ops::Range;

use zlib_rs::{Deflate, DeflateFlush};

/// What a log may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Results of a run.
    pub results: usize,
    /// Runs.
    pub runs: usize,
    /// Bytes, after compression.
    pub bytes: usize,
}

impl Limits {
    /// GitHub drops what is beyond the first 5,000 results of a run, rejects 25,000, and rejects a log of 20 runs or of 10 MB. Some
    /// of that is kept for what compresses otherwise elsewhere.
    pub(super) const GITHUB: Self = Self { results: 5000, runs: 20, bytes: 9_500_000 };
    /// One log, in runs that GitHub takes.
    pub(super) const ANYONE: Self = Self { results: 25_000, runs: usize::MAX, bytes: usize::MAX };
}

/// A log: the results of each of its runs.
pub(super) type Log = Vec<Range<usize>>;

/// Divides results, each as JSON, into logs. There is one log at least, with one run; `head` is what a run has beside results.
pub(super) fn logs(results: &[&[u8]], head: &[u8], limits: Limits) -> Vec<Log> {
    let ends = (1..=results.len().div_ceil(limits.results).max(1)).map(|nth| nth * limits.results);
    let runs = ends.map(|end| end - limits.results..end.min(results.len()));
    let plain: usize = runs.clone().map(|run| head.len() + length(&results[run])).sum();
    if plain <= limits.bytes {
        let runs: Vec<_> = runs.collect();
        return runs.chunks(limits.runs).map(<[_]>::to_vec).collect();
    }
    let mut logs = Logs { results, head: compressed([head]), limits, logs: vec![Log::new()], size: 0 };
    runs.for_each(|run| logs.put(run));
    logs.logs
}

/// Logs that are being filled.
struct Logs<'a> {
    results: &'a [&'a [u8]],
    /// Bytes of a run beside its results, compressed as all sizes are here.
    head: usize,
    limits: Limits,
    logs: Vec<Log>,
    /// Of the last log.
    size: usize,
}

impl Logs<'_> {
    /// Puts a run into the last log, or into one after it; as two runs if it would fill a log by itself.
    fn put(&mut self, run: Range<usize>) {
        let size = self.head + compressed(self.results[run.clone()].iter().copied());
        if size > self.limits.bytes && run.len() > 1 {
            let middle = run.start + run.len() / 2;
            self.put(run.start..middle);
            return self.put(middle..run.end);
        }
        let last = self.logs.last_mut().expect("there is one from the start");
        if !last.is_empty() && (last.len() == self.limits.runs || self.size + size > self.limits.bytes) {
            self.logs.push(vec![run]);
            self.size = size;
        } else {
            last.push(run);
            self.size += size;
        }
    }
}

fn length(results: &[&[u8]]) -> usize {
    results.iter().map(|result| result.len() + 1).sum()
}

/// How many bytes these have, compressed together at the usual level.
fn compressed<'a>(texts: impl IntoIterator<Item = &'a [u8]>) -> usize {
    const LEVEL: i32 = 6;
    const WINDOW_BITS: u8 = 15;
    let mut deflate = Deflate::new(LEVEL, true, WINDOW_BITS);
    let mut out = vec![0; 64 << 10];
    let mut write = |mut text: &[u8], flush| {
        loop {
            let (read, written) = (deflate.total_in(), deflate.total_out());
            deflate.compress(text, &mut out, flush).expect("there is room for output");
            let taken = usize::try_from(deflate.total_in() - read).expect("it is a part of the text");
            text = &text[taken..];
            let is_full = deflate.total_out() - written == out.len() as u64;
            if text.is_empty() && !is_full {
                break;
            }
        }
    };
    texts.into_iter().for_each(|text| write(text, DeflateFlush::NoFlush));
    write(b"", DeflateFlush::Finish);
    usize::try_from(deflate.total_out()).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(logs: &[Log]) -> Vec<Vec<usize>> {
        logs.iter().map(|log| log.iter().map(Range::len).collect()).collect()
    }

    /// Text that does not compress below half its size.
    fn noise(seed: u32, length: usize) -> Vec<u8> {
        let mut state = seed;
        let mut digit = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            b"0123456789abcdef"[(state >> 28) as usize]
        };
        (0..length).map(|_| digit()).collect()
    }

    #[test]
    fn runs_and_logs_are_filled_one_after_the_other() {
        let results = vec![&b"{}"[..]; 23];
        let limits = |results, runs| Limits { results, runs, bytes: 1 << 20 };
        let shape = |limits, count| shape(&logs(&results[..count], b"head", limits));
        assert_eq!(shape(limits(5, 2), 0), [[0]]);
        assert_eq!(shape(limits(5, 2), 5), [[5]]);
        assert_eq!(shape(limits(5, 2), 6), [[5, 1]]);
        assert_eq!(shape(limits(5, 2), 23), [vec![5, 5], vec![5, 5], vec![3]]);
        assert_eq!(shape(Limits::ANYONE, 23), [[23]]);
    }

    #[test]
    fn a_log_is_no_longer_than_it_may_be_and_every_result_is_in_one() {
        let texts: Vec<Vec<u8>> = (1..=100).map(|seed| noise(seed, 2000)).collect();
        let results: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
        let head = noise(7, 500);
        for bytes in [3000, 20_000, 50_000, 150_000] {
            let logs = logs(&results, &head, Limits { results: 20, runs: 4, bytes });
            for log in &logs {
                let run = |run: &Range<usize>| [&[head.as_slice()], &results[run.clone()]].concat().concat();
                let size = compressed([log.iter().flat_map(run).collect::<Vec<u8>>().as_slice()]);
                assert!(size <= bytes && log.len() <= 4, "{bytes}: {size} {log:?}");
            }
            let all: Vec<usize> = logs.iter().flatten().cloned().flatten().collect();
            assert_eq!(all, (0..100).collect::<Vec<_>>(), "{bytes}");
            assert!(logs.len() >= 100_000 / bytes, "{bytes}");
        }
        // What is too long by itself has a log of its own.
        assert_eq!(shape(&logs(&results[..3], &head, Limits { results: 20, runs: 4, bytes: 100 })), [[1], [1], [1]]);
    }

    #[test]
    fn what_is_counted_is_what_comes_out() {
        let text = noise(3, 300_000);
        let size = compressed([text.as_slice()]);
        assert!((140_000..180_000).contains(&size), "{size}");
        assert!(compressed([vec![b'x'; 1 << 20].as_slice()]) < 5000);
    }
}
