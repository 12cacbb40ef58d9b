//! Lines from stdin, however long and whatever is in them.

use std::io::{self, BufRead};

/// What of a line is kept at most, in bytes; the rest is read and dropped.
const MAX_BYTES: usize = 64 * 1024;

/// Lines, one by one.
pub(super) struct Lines<R>(R);

impl<R: BufRead> Lines<R> {
    /// Lines of an input.
    pub fn new(input: R) -> Self {
        Self(input)
    }

    /// The next line without its end; what is not UTF-8 in it is replaced. None at the end of the input.
    pub fn next(&mut self) -> io::Result<Option<String>> {
        let mut line = Vec::new();
        let mut began = false;
        loop {
            let buffer = match self.0.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if buffer.is_empty() {
                break;
            }
            began = true;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let part = end.map_or(buffer, |end| buffer.get(..end).unwrap_or_default());
            let room = MAX_BYTES.saturating_sub(line.len());
            line.extend(part.iter().take(room));
            let used = part.len() + usize::from(end.is_some());
            self.0.consume(used);
            if end.is_some() {
                break;
            }
        }
        Ok(began.then(|| String::from_utf8_lossy(&line).trim_end_matches('\r').to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<String> {
        let mut lines = Lines::new(io::BufReader::with_capacity(7, bytes));
        std::iter::from_fn(|| lines.next().unwrap()).collect()
    }

    #[test]
    fn lines_end_at_line_breaks_and_the_last_needs_none() {
        assert_eq!(all(b"one\r\n\ntwo three four\nfive"), ["one", "", "two three four", "five"]);
        assert_eq!(all(b""), Vec::<String>::new());
    }

    #[test]
    fn what_is_not_utf8_is_replaced() {
        assert_eq!(all(b"a\xff\xfeb\n"), ["a\u{fffd}\u{fffd}b"]);
    }

    #[test]
    fn a_line_without_end_takes_bounded_memory() {
        let mut long = vec![b'x'; 1024 * 1024];
        long.extend(b"\nnext");
        let lines = all(&long);
        assert_eq!((lines[0].len(), lines[1].as_str()), (MAX_BYTES, "next"));
    }
}
