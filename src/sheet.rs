//! A data file as rows of text under named columns: CSV as help desks and spreadsheets export it.
//!
//! Delimiter and byte order mark are recognised; lines are counted as an editor counts them.

use csv::StringRecord;

/// The text of a file: UTF-8, UTF-16 where a mark says so, and else a byte for each letter, as older Windows
/// programs write.
pub fn decode(bytes: &[u8]) -> String {
    let wide = |read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> =
            bytes[2..].chunks_exact(2).map(|pair| read([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xff, 0xfe, ..] => wide(u16::from_le_bytes),
        [0xfe, 0xff, ..] => wide(u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_string(),
            Err(_) => bytes.iter().map(|byte| of_windows(*byte)).collect(),
        },
    }
}

/// A letter of code page 1252: as in Latin-1, but for these. What it leaves open is a control character.
fn of_windows(byte: u8) -> char {
    const FROM_80: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž',
        '\u{8f}', '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}',
        'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9f => FROM_80[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// Rows under a header.
#[derive(Clone, PartialEq, Debug)]
pub struct Sheet {
    /// The names of the columns, as written.
    pub header: Vec<String>,
    /// (line in the file, fields)
    rows: Vec<(u64, StringRecord)>,
}

impl Sheet {
    /// Reads a text. Rows may be shorter or longer than the header.
    ///
    /// *Errors*: a text without rows, or quotes that are never closed, in words.
    pub fn parse(text: &str) -> Result<Sheet, String> {
        // With the ends of lines of other systems the reader counts one line too few.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
        let is_hint = text.starts_with("sep=") && text.find('\n').is_some_and(|end| end <= 6);
        // A hint for spreadsheets is an empty line to us, so that lines keep their numbers.
        let text = if is_hint {
            text.split_once('\n').map_or(text.clone(), |(_, rest)| format!("\n{rest}"))
        } else {
            text
        };
        let first_line = text.trim_start_matches('\n').lines().next().unwrap_or("");
        let most = |a: &u8, b: &u8| {
            let count = |mark: u8| first_line.bytes().filter(|byte| *byte == mark).count();
            count(*a).cmp(&count(*b))
        };
        let delimiter = *b",;\t".iter().rev().max_by(|a, b| most(a, b)).unwrap_or(&b',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let mut rows = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| {
                let words = error.to_string();
                words.lines().next().unwrap_or("it is no CSV").chars().take(200).collect::<String>()
            })?;
            let line = record.position().map_or(0, csv::Position::line);
            rows.push((line, record));
        }
        if rows.is_empty() {
            return Err("the file is empty".to_string());
        }
        let header = rows.remove(0).1.iter().map(str::to_string).collect();
        Ok(Sheet { header, rows })
    }

    /// The rows below the header: (line in the file, fields).
    pub fn rows(&self) -> impl Iterator<Item = (u64, &StringRecord)> {
        self.rows.iter().map(|(line, fields)| (*line, fields))
    }

    /// How many rows there are below the header.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is only a header.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Position of the first column that has one of those names, however it is capitalised.
    pub fn position(&self, names: &[&str]) -> Option<usize> {
        let is_meant = |title: &String| names.iter().any(|name| title.eq_ignore_ascii_case(name));
        self.header.iter().position(is_meant)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_writing_of_other_programs_is_read() {
        assert_eq!(decode("Größe".as_bytes()), "Größe");
        assert_eq!(decode(b"Gr\xf6\xdfe \x96 \x80"), "Größe – €");
        assert_eq!(decode(b"\xff\xfeG\0r\0\xf6\0"), "Grö");
        assert_eq!(decode(b"\xfe\xff\0G"), "G");
    }

    #[test]
    fn rows_know_their_line_whatever_ends_lines() {
        for end in ["\n", "\r\n"] {
            let text = ["\u{feff}Id;Text", "1;\"two", "lines\"", "2;x;more"].join(end);
            let sheet = Sheet::parse(&text).unwrap();
            assert_eq!(sheet.header, ["Id", "Text"]);
            let lines: Vec<u64> = sheet.rows().map(|(line, _)| line).collect();
            assert_eq!(lines, [2, 4], "{text:?}");
            assert_eq!(&sheet.rows().next().unwrap().1[1], "two\nlines");
            assert_eq!(sheet.position(&["ID"]), Some(0));
            assert_eq!(sheet.position(&["subject", "text"]), Some(1));
        }
        assert_eq!(Sheet::parse("").unwrap_err(), "the file is empty");
    }
}
