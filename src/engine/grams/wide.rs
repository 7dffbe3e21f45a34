//! The same answers 32 at a time, by a processor with AVX2: hashes are computed in its wide registers, and the table is
//! asked byte by byte. It takes half the time of the loop in `grams.rs`, which is the definition; a test compares the two.
//!
//! The one file with `unsafe` in it: a function that is compiled for AVX2 may be called only where there is AVX2, and
//! so for the instructions that number and count bits. No pointer is used.

#![allow(unsafe_code, reason = "a function compiled for AVX2 is called, where the processor was asked for it")]

use std::arch::x86_64::{
    __m256i, _mm_setr_epi8, _mm256_and_si256, _mm256_blend_epi16, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8,
    _mm256_extract_epi16, _mm256_movemask_epi8, _mm256_mullo_epi32, _mm256_or_si256, _mm256_packus_epi16,
    _mm256_permute4x64_epi64, _mm256_set_m128i, _mm256_set1_epi16, _mm256_set1_epi32, _mm256_setr_epi64x,
    _mm256_shuffle_epi8, _mm256_slli_epi32, _mm256_srli_epi32,
};

use super::{CASE, CHUNK, COUNTED, PATTERN, PATTERNS, Places, RATIO, SPAN, TABLE, Table, chunks};

/// [`super::places_of_all`]; false if the processor cannot, and nothing is done.
pub(super) fn places_of_all(table: &Table, text: &[u8], all: &mut Places) -> bool {
    if !(is_x86_feature_detected!("avx2") && is_x86_feature_detected!("bmi1") && is_x86_feature_detected!("popcnt")) {
        return false;
    }
    // SAFETY: the processor has what the function is compiled for, as was just asked.
    unsafe { each(table, text, all) };
    true
}

#[target_feature(enable = "avx2,bmi1,popcnt")]
fn each(table: &Table, text: &[u8], all: &mut Places) {
    for (index, chunk) in chunks(text).enumerate() {
        all.note(index, places(table, chunk));
    }
}

/// [`super::places`].
#[target_feature(enable = "avx2")]
fn places(table: &Table, chunk: &[u8; SPAN]) -> u32 {
    let (first, second) = (hashed(chunk, 0), hashed(chunk, CHUNK / 2));
    let slots = (first.slots, second.slots);
    let byte = |slot: i32| table[slot as usize % table.len()] as i8;
    let second_half = _mm_setr_epi8(
        byte(_mm256_extract_epi16::<0>(slots.1)),
        byte(_mm256_extract_epi16::<1>(slots.1)),
        byte(_mm256_extract_epi16::<2>(slots.1)),
        byte(_mm256_extract_epi16::<3>(slots.1)),
        byte(_mm256_extract_epi16::<4>(slots.1)),
        byte(_mm256_extract_epi16::<5>(slots.1)),
        byte(_mm256_extract_epi16::<6>(slots.1)),
        byte(_mm256_extract_epi16::<7>(slots.1)),
        byte(_mm256_extract_epi16::<8>(slots.1)),
        byte(_mm256_extract_epi16::<9>(slots.1)),
        byte(_mm256_extract_epi16::<10>(slots.1)),
        byte(_mm256_extract_epi16::<11>(slots.1)),
        byte(_mm256_extract_epi16::<12>(slots.1)),
        byte(_mm256_extract_epi16::<13>(slots.1)),
        byte(_mm256_extract_epi16::<14>(slots.1)),
        byte(_mm256_extract_epi16::<15>(slots.1)),
    );
    let first_half = _mm_setr_epi8(
        byte(_mm256_extract_epi16::<0>(slots.0)),
        byte(_mm256_extract_epi16::<1>(slots.0)),
        byte(_mm256_extract_epi16::<2>(slots.0)),
        byte(_mm256_extract_epi16::<3>(slots.0)),
        byte(_mm256_extract_epi16::<4>(slots.0)),
        byte(_mm256_extract_epi16::<5>(slots.0)),
        byte(_mm256_extract_epi16::<6>(slots.0)),
        byte(_mm256_extract_epi16::<7>(slots.0)),
        byte(_mm256_extract_epi16::<8>(slots.0)),
        byte(_mm256_extract_epi16::<9>(slots.0)),
        byte(_mm256_extract_epi16::<10>(slots.0)),
        byte(_mm256_extract_epi16::<11>(slots.0)),
        byte(_mm256_extract_epi16::<12>(slots.0)),
        byte(_mm256_extract_epi16::<13>(slots.0)),
        byte(_mm256_extract_epi16::<14>(slots.0)),
        byte(_mm256_extract_epi16::<15>(slots.0)),
    );
    let there = _mm256_set_m128i(second_half, first_half);
    // Packing interleaves the halves of both.
    let numbers = _mm256_permute4x64_epi64::<0b11_01_10_00>(_mm256_packus_epi16(first.patterns, second.patterns));
    let wanted = _mm256_shuffle_epi8(patterns(), numbers);
    _mm256_movemask_epi8(_mm256_cmpeq_epi8(_mm256_and_si256(there, wanted), wanted)) as u32
}

/// Of 16 grams in a row, the slots and the numbers of the patterns, 16 bits each.
struct Hashed {
    slots: __m256i,
    patterns: __m256i,
}

#[target_feature(enable = "avx2")]
fn hashed(chunk: &[u8; SPAN], at: usize) -> Hashed {
    const SLOT: i32 = 32 - TABLE as i32;
    const NUMBER: i32 = SLOT - PATTERN as i32;
    // Every second gram, and those between them: their hashes go to the lower and the upper half of 32 bits.
    let (lower, upper) = (hashes(chunk, at), hashes(chunk, at + 2));
    let upper_slots = _mm256_and_si256(_mm256_srli_epi32::<{ SLOT - 16 }>(upper), _mm256_set1_epi32(-1 << 16));
    let slots = _mm256_or_si256(_mm256_srli_epi32::<SLOT>(lower), upper_slots);
    let (lower, upper) = (_mm256_srli_epi32::<NUMBER>(lower), _mm256_slli_epi32::<{ 16 - NUMBER }>(upper));
    let numbers = _mm256_blend_epi16::<0b1010_1010>(lower, upper);
    let patterns = _mm256_and_si256(numbers, _mm256_set1_epi16(PATTERNS.len() as i16 - 1));
    Hashed { slots, patterns }
}

/// [`super::hash`] of every second gram in 32 bytes.
#[target_feature(enable = "avx2")]
fn hashes(chunk: &[u8; SPAN], at: usize) -> __m256i {
    let part = |index: usize| {
        let bytes = chunk[at + 8 * index..].first_chunk().expect("the chunk has the last gram, too");
        i64::from_le_bytes(*bytes)
    };
    let text = _mm256_setr_epi64x(part(0), part(1), part(2), part(3));
    let folded = _mm256_or_si256(text, _mm256_set1_epi32(CASE as i32));
    let counted = _mm256_and_si256(folded, _mm256_set1_epi32(COUNTED as i32));
    _mm256_mullo_epi32(counted, _mm256_set1_epi32(RATIO as i32))
}

/// The patterns by their numbers, twice.
#[target_feature(enable = "avx2")]
fn patterns() -> __m256i {
    const P: [i8; 1 << PATTERN] = {
        let mut signed = [0; 1 << PATTERN];
        let mut index = 0;
        while index < signed.len() {
            signed[index] = PATTERNS[index] as i8;
            index += 1;
        }
        signed
    };
    _mm256_broadcastsi128_si256(_mm_setr_epi8(
        P[0], P[1], P[2], P[3], P[4], P[5], P[6], P[7], P[8], P[9], P[10], P[11], P[12], P[13], P[14], P[15],
    ))
}
