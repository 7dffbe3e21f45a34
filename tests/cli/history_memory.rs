//! How much memory `history` takes for a pack that is made to need much: long chains of large blobs, and branches that
//! another thread could take over. Slow, and asked for by name, best with a program that is built for release:
//!
//!     KEYSIEVE_TEST_PROGRAM=target/release/keysieve cargo test --test main -- --ignored memory
//!
//! The pack is written here, entry by entry, since git takes minutes to find such deltas.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::support::{Dir, program};

/// Bytes of each blob.
const LEN: usize = 10_000_000;
/// Blobs that are made of one another.
const CHAIN: usize = 250;
/// Of so many blobs of the chain, one has another blob made of it, by so long a delta that it is worth a thread's while.
const BRANCHES: usize = 4;
const INSERTED: usize = 1_200_000;
/// Anonymous memory, in kilobytes.
const MOST: u64 = 400_000;

#[test]
#[expect(clippy::print_stderr, reason = "what is recorded of a run")]
#[ignore = "unpacks 3 GB"]
fn memory_is_bounded_for_long_chains_of_large_blobs() {
    let dir = Dir::repository();
    let pack = Pack::of_chains();
    fs::create_dir_all(dir.join(".git/objects/pack")).expect("a directory can be made");
    fs::write(dir.join(".git/objects/pack/pack-0.idx"), pack.index()).expect("the index can be written");
    fs::write(dir.join(".git/objects/pack/pack-0.pack"), pack.bytes).expect("the pack can be written");
    for threads in ["2", "4"] {
        let mut run = started(&dir, threads);
        let most = most_memory(&mut run);
        let output = run.wait_with_output().expect("it ends");
        let told = String::from_utf8_lossy(&output.stderr);
        eprintln!("{threads} threads: {most} kB; {}", told.trim());
        assert!(told.contains("313 objects, 3.1 GB") && told.contains("complete"), "{told}");
        assert!(most <= MOST, "{most} kB with {threads} threads");
    }
}

#[expect(clippy::disallowed_methods, reason = "its memory is watched while it runs")]
fn started(dir: &Dir, threads: &str) -> Child {
    let mut command = Command::new(program());
    command.current_dir(dir.path()).args(["history", "--no-known", "--threads", threads]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it can be started")
}

/// The most anonymous memory that a process has while it runs, in kilobytes.
fn most_memory(run: &mut Child) -> u64 {
    let mut most = 0;
    while run.try_wait().expect("it can be asked").is_none() {
        let status = fs::read_to_string(format!("/proc/{}/status", run.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
        let now = line.and_then(|line| line.trim().split(' ').next()?.parse().ok());
        most = most.max(now.unwrap_or(0));
        thread::sleep(Duration::from_millis(3));
    }
    most
}

/// A pack, and where its entries begin.
#[derive(Default)]
struct Pack {
    bytes: Vec<u8>,
    offsets: Vec<usize>,
}

impl Pack {
    fn of_chains() -> Self {
        let count = (CHAIN + CHAIN.div_ceil(BRANCHES)) as u32;
        let mut pack = Self { bytes: [&b"PACK\0\0\0\x02"[..], &count.to_be_bytes()].concat(), ..Self::default() };
        pack.push(3, &[], &text(LEN, 1));
        let mut base = 0;
        for nth in 1..=CHAIN {
            if (nth - 1) % BRANCHES == 0 {
                pack.push_delta(base, &text(INSERTED, nth as u64));
            }
            if nth < CHAIN {
                base = pack.push_delta(base, &text(100, nth as u64));
            }
        }
        pack.bytes.extend([0; 20]);
        pack
    }

    /// Adds a blob of as many bytes as the one that begins at `base`: the inserted ones, and of that one what is behind them.
    fn push_delta(&mut self, base: usize, inserted: &[u8]) -> usize {
        let mut delta = [size(LEN), size(LEN)].concat();
        for part in inserted.chunks(127) {
            delta.push(part.len() as u8);
            delta.extend(part);
        }
        let mut at = inserted.len();
        while at < LEN {
            let len = (LEN - at).min(0xff_ffff);
            delta.push(0xff);
            delta.extend((at as u32).to_le_bytes());
            delta.extend(&(len as u32).to_le_bytes()[..3]);
            at += len;
        }
        let mut distance = self.bytes.len() - self.offsets[base];
        let mut bytes = vec![(distance & 0x7f) as u8];
        while distance > 0x7f {
            distance = (distance >> 7) - 1;
            bytes.insert(0, (distance & 0x7f) as u8 | 0x80);
        }
        self.push(6, &bytes, &delta)
    }

    fn push(&mut self, kind: u8, base: &[u8], content: &[u8]) -> usize {
        self.offsets.push(self.bytes.len());
        let (mut byte, mut rest) = (kind << 4 | (content.len() & 0xf) as u8, content.len() >> 4);
        while rest > 0 {
            self.bytes.push(byte | 0x80);
            (byte, rest) = ((rest & 0x7f) as u8, rest >> 7);
        }
        self.bytes.push(byte);
        self.bytes.extend(base);
        self.bytes.extend(zlib(content));
        self.offsets.len() - 1
    }

    /// An index of the old kind, which has no checksums. Ids are numbers: nobody computes them.
    fn index(&self) -> Vec<u8> {
        let mut index = Vec::new();
        for first in 1..=256 {
            index.extend((self.offsets.len().min(256 * first) as u32).to_be_bytes());
        }
        for (nth, offset) in self.offsets.iter().enumerate() {
            index.extend((*offset as u32).to_be_bytes());
            index.extend((nth as u16).to_be_bytes());
            index.extend([0; 18]);
        }
        index.extend([0; 40]);
        index
    }
}

/// Text without a secret, which no two numbers have in common.
fn text(len: usize, number: u64) -> Vec<u8> {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let letter = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        b"abcdefgh ijklmn\n"[(state >> 60) as usize]
    };
    (0..len).map(letter).collect()
}

fn size(mut size: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while size > 0x7f {
        bytes.push(size as u8 | 0x80);
        size >>= 7;
    }
    bytes.push(size as u8);
    bytes
}

/// A zlib stream whose blocks are stored as they are.
fn zlib(content: &[u8]) -> Vec<u8> {
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in content {
        a = (a + u32::from(*byte)) % 65521;
        b = (b + a) % 65521;
    }
    let mut stream = vec![0x78, 1];
    let mut blocks = content.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        let len = block.len() as u16;
        stream.push(u8::from(blocks.peek().is_none()));
        stream.extend(len.to_le_bytes());
        stream.extend((!len).to_le_bytes());
        stream.extend(block);
    }
    stream.extend((b << 16 | a).to_be_bytes());
    stream
}
