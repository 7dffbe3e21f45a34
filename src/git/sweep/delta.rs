//! Delta instructions, as packs hold them: <https://git-scm.com/docs/gitformat-pack#_deltified_representation>. They come
//! from the repository and are not trusted.

use crate::model::Segment;

/// Why a delta cannot be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeltaError {
    /// It ends within an instruction or before the first.
    #[error("the delta is cut short")]
    Truncated,
    /// A size has more bits than there are.
    #[error("the delta has a size of more than 64 bits")]
    Size,
    /// It is a delta of another base.
    #[error("the delta is made for a base of {wanted} bytes, not of {is}")]
    Base {
        /// The size that the delta tells.
        wanted: u64,
        /// The size that the base has.
        is: usize,
    },
    /// It copies what is not there.
    #[error("the delta copies from beyond the end of its base")]
    Copy,
    /// The instruction 0, which is reserved.
    #[error("the delta has an instruction that is reserved")]
    Reserved,
    /// Its result is not as long as it says.
    #[error("the delta makes {is} bytes and not {wanted}, as it says")]
    Result {
        /// The size that the delta tells.
        wanted: u64,
        /// The size of what it makes.
        is: usize,
    },
}

/// The size of what `delta` makes, in bytes, as it says.
///
/// # Errors
/// If it is cut short.
pub fn result_size(delta: &[u8]) -> Result<u64, DeltaError> {
    let mut rest = delta;
    size(&mut rest)?;
    size(&mut rest)
}

/// Makes `out` of `base`, and notes in `segments` what was copied; neighbours that go on in both are one segment, since
/// a copy is never longer than 16 MiB. What both held before is gone.
///
/// # Errors
/// If the instructions make no sense, or not for this base.
pub fn apply(base: &[u8], delta: &[u8], out: &mut Vec<u8>, segments: &mut Vec<Segment>) -> Result<(), DeltaError> {
    out.clear();
    segments.clear();
    let mut rest = delta;
    let base_size = size(&mut rest)?;
    if base_size != base.len() as u64 {
        return Err(DeltaError::Base { wanted: base_size, is: base.len() });
    }
    let wanted = size(&mut rest)?;
    while let Some(instruction) = byte(&mut rest) {
        if instruction & 0x80 != 0 {
            let (source, len) = copy(instruction, &mut rest)?;
            let copied = base.get(source..source + len).ok_or(DeltaError::Copy)?;
            note(segments, Segment { source, target: out.len(), len });
            out.extend_from_slice(copied);
        } else if instruction != 0 {
            let inserted = rest.split_off(..usize::from(instruction)).ok_or(DeltaError::Truncated)?;
            out.extend_from_slice(inserted);
        } else {
            return Err(DeltaError::Reserved);
        }
        if out.len() as u64 > wanted {
            return Err(DeltaError::Result { wanted, is: out.len() });
        }
    }
    if out.len() as u64 == wanted { Ok(()) } else { Err(DeltaError::Result { wanted, is: out.len() }) }
}

fn note(segments: &mut Vec<Segment>, next: Segment) {
    match segments.last_mut() {
        Some(last) if last.source + last.len == next.source && last.target + last.len == next.target => {
            last.len += next.len;
        }
        _ => segments.push(next),
    }
}

fn byte(rest: &mut &[u8]) -> Option<u8> {
    rest.split_off_first().copied()
}

/// Seven bits a byte, the lowest first; the highest bit says that there is more.
fn size(rest: &mut &[u8]) -> Result<u64, DeltaError> {
    let mut size = 0;
    for shift in (0..u64::BITS).step_by(7) {
        let byte = byte(rest).ok_or(DeltaError::Truncated)?;
        let bits = u64::from(byte & 0x7f);
        if bits << shift >> shift != bits {
            return Err(DeltaError::Size);
        }
        size |= bits << shift;
        if byte & 0x80 == 0 {
            return Ok(size);
        }
    }
    Err(DeltaError::Size)
}

/// Offset and length of a copy: of each, only the bytes that are not zero are there, as the instruction's bits say.
fn copy(instruction: u8, rest: &mut &[u8]) -> Result<(usize, usize), DeltaError> {
    let mut number = |first_bit: u8, bytes: u8| {
        (0..bytes).filter(|index| instruction >> (first_bit + index) & 1 == 1).try_fold(0, |number, index| {
            let byte = byte(rest).ok_or(DeltaError::Truncated)?;
            Ok(number | usize::from(byte) << (8 * index))
        })
    };
    let (source, len) = (number(0, 4)?, number(4, 3)?);
    Ok((source, if len == 0 { 0x1_0000 } else { len }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn applied(base: &[u8], delta: &[u8]) -> Result<(Vec<u8>, Vec<Segment>), DeltaError> {
        let (mut out, mut segments) = (b"old".to_vec(), vec![Segment { source: 1, target: 2, len: 3 }]);
        apply(base, delta, &mut out, &mut segments).map(|()| (out, segments))
    }

    #[test]
    fn copies_and_insertions() {
        let delta = [6, 9, 0x91, 2, 3, 3, b'x', b'y', b'z', 0x90, 3];
        let segments = vec![Segment { source: 2, target: 0, len: 3 }, Segment { source: 0, target: 6, len: 3 }];
        assert_eq!(applied(b"abcdef", &delta), Ok((b"cdexyzabc".to_vec(), segments)));
        assert_eq!(result_size(&delta), Ok(9));
    }

    #[test]
    fn copies_that_go_on_are_one_segment() {
        let delta = [6, 6, 0x90, 2, 0x91, 2, 4];
        assert_eq!(
            applied(b"abcdef", &delta),
            Ok((b"abcdef".to_vec(), vec![Segment { source: 0, target: 0, len: 6 }]))
        );
    }

    #[test]
    fn a_copy_without_a_length_is_of_64_kib() {
        let base = vec![b'x'; 0x1_0000];
        let delta = [0x80, 0x80, 4, 0x80, 0x80, 4, 0x80];
        assert_eq!(applied(&base, &delta).map(|(out, _)| out.len()), Ok(0x1_0000));
    }

    #[test]
    fn what_is_no_delta() {
        for (delta, error) in [
            (&[][..], DeltaError::Truncated),
            (&[0x80], DeltaError::Truncated),
            (&[6, 3, 3, b'a'], DeltaError::Truncated),
            (&[6, 3, 0x91], DeltaError::Truncated),
            (&[5, 0], DeltaError::Base { wanted: 5, is: 6 }),
            (&[6, 3, 0], DeltaError::Reserved),
            (&[6, 3, 0x91, 4, 3], DeltaError::Copy),
            (&[6, 3, 0x9f, 255, 255, 255, 255, 3], DeltaError::Copy),
            (&[6, 3, 0x90, 2], DeltaError::Result { wanted: 3, is: 2 }),
            (&[6, 1, 0x90, 2], DeltaError::Result { wanted: 1, is: 2 }),
            (&[255; 12], DeltaError::Size),
        ] {
            assert_eq!(applied(b"abcdef", delta), Err(error), "{delta:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(base in prop::collection::vec(any::<u8>(), 0..40), mut delta in prop::collection::vec(any::<u8>(), 0..40)) {
            let _ = applied(&base, &delta);
            delta.insert(0, base.len() as u8);
            if let Ok((out, segments)) = applied(&base, &delta) {
                for Segment { source, target, len } in segments {
                    prop_assert_eq!(&out[target..target + len], &base[source..source + len]);
                }
            }
        }
    }
}
