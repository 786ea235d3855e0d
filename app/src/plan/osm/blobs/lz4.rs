//! This file opens blocks that are packed with LZ4.
//!
//! The format is described at <https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md>.

/// The shortest stretch that is copied.
const SHORTEST: usize = 4;

/// Opens a block. Returns nothing if it is damaged or does not hold just `size` bytes.
pub fn opened(packed: &[u8], size: usize) -> Option<Vec<u8>> {
    // A block grows 255 times at most, so a lie about its size takes no memory.
    let mut open = Vec::with_capacity(size.min(packed.len().saturating_mul(255)));
    let mut rest = packed;
    loop {
        let (&token, after) = rest.split_first()?;
        rest = after;
        let count = length(&mut rest, token >> 4)?;
        let (literals, after) = rest.split_at_checked(count)?;
        open.extend_from_slice(literals);
        rest = after;
        if rest.is_empty() {
            return (open.len() == size).then_some(open);
        }
        let (offset, after) = rest.split_first_chunk::<2>()?;
        rest = after;
        let count = length(&mut rest, token & 15)? + SHORTEST;
        if open.len() + count > size {
            return None;
        }
        let from = open.len().checked_sub(usize::from(u16::from_le_bytes(*offset)))?;
        // A stretch may run into what it writes itself. With an offset of 0 there is nothing to copy.
        for at in from..from + count {
            let byte = *open.get(at)?;
            open.push(byte);
        }
    }
}

/// Takes the rest of a length off: bytes of 255 go on, and the first that is less ends it.
fn length(rest: &mut &[u8], begun: u8) -> Option<usize> {
    let mut sum = usize::from(begun);
    let mut goes_on = begun == 15;
    while goes_on {
        let (&byte, after) = rest.split_first()?;
        *rest = after;
        sum += usize::from(byte);
        goes_on = byte == 255;
    }
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_and_copies_that_run_into_themselves_are_opened() {
        assert_eq!(opened(b"\x50walks", 5).unwrap(), b"walks");
        // Two bytes, eleven copied from two back, and two more.
        assert_eq!(opened(b"\x27ab\x02\x00\x20cd", 15).unwrap(), b"ababababababacd");
        let long = [&[0xF0, 255, 10][..], &[7; 280]].concat();
        assert_eq!(opened(&long, 280).unwrap(), [7; 280]);
        let run = [&b"\x1Fa\x01\x00"[..], &[255, 255, 0], b"\x00"].concat();
        assert_eq!(opened(&run, 1 + 15 + 510 + 4).unwrap(), [b'a'; 530]);
    }

    #[test]
    fn a_damaged_block_is_not_opened() {
        let damaged: [(&[u8], usize); 9] = [
            (b"", 0),
            (b"\x50walk", 5),
            (b"\x50walks", 6),
            (b"\x27ab\x02", 15),
            (b"\x27ab\x03\x00\x20cd", 15),
            (b"\x27ab\x00\x00\x20cd", 15),
            (b"\x27ab\x02\x00\x20cd", 14),
            (b"\xF0\xFF\xFF", 600),
            (b"\x1Fa\x01\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x00\x00", 20),
        ];
        for (packed, size) in damaged {
            assert_eq!(opened(packed, size), None, "{packed:?}");
        }
    }
}
