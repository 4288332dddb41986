//! Whether an image was made by a Dockerfile, or by another one on top of it: labels are inherited, histories go on.

/// Whether `history` (what each layer was created by, the oldest first) ends as a build of these instructions ends.
/// What is not known of them (variables) counts as the same.
pub(super) fn ends_with(history: &[String], instructions: &[String]) -> bool {
    let last_stage = instructions
        .iter()
        .rposition(|text| text.starts_with("FROM "));
    let stage = &instructions[last_stage.map_or(0, |from| from + 1)..];
    history.len() >= stage.len()
        && history
            .iter()
            .rev()
            .zip(stage.iter().rev())
            .all(|(made, text)| is_of(made, text))
}

/// Whether a layer was created by this instruction.
fn is_of(made: &str, text: &str) -> bool {
    let mut words = text.split_whitespace();
    let keyword = words.next().unwrap_or_default();
    // Lines below an instruction are not told in full.
    let first_line = text.lines().next().unwrap_or_default();
    let rest = first_line.strip_prefix(keyword).unwrap_or_default();
    made.split_whitespace().next() == Some(keyword)
        && words_of(rest).all(|word| made.contains(word))
}

/// The words that are in a history as they are: no flags, no variables, no quotes.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split_whitespace();
    let words = words.filter(|word| !word.starts_with("--") && !word.contains(['$', '\\', '<']));
    words.flat_map(|word| {
        word.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/')))
            .filter(|part| !part.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_that_was_built_on_another_is_told_from_it() {
        let texts = |all: &[&str]| {
            all.iter()
                .map(|text| (*text).to_owned())
                .collect::<Vec<_>>()
        };
        let ours = texts(&[
            "FROM a",
            "RUN first",
            "FROM base",
            "ARG V",
            "ENV A=$V B=x",
            "COPY --from=a /f /g/",
            "RUN --mount=type=cache,target=/c make all",
            "CMD [\"sh\", \"-c\"]",
        ]);
        let made = texts(&[
            "/bin/sh -c #(nop) ADD file:123 in /",
            "ARG V=1",
            "ENV A=1 B=x",
            "COPY /f /g/ # buildkit",
            "RUN |1 V=1 /bin/sh -c make all # buildkit",
            "CMD [\"sh\" \"-c\"]",
        ]);
        assert!(ends_with(&made, &ours));
        for more in [
            &["RUN /bin/sh -c x # buildkit"][..],
            &["CMD [\"sh\" \"-c\"]"],
            &["LABEL a=b"],
        ] {
            let mut made = made.clone();
            made.extend(texts(more));
            assert!(!ends_with(&made, &ours), "{more:?}");
        }
        assert!(!ends_with(&made[..2], &ours));
        let one = texts(&["FROM base", "RUN make"]);
        assert!(ends_with(&texts(&["RUN /bin/sh -c make # buildkit"]), &one));
        assert!(!ends_with(
            &texts(&[
                "RUN /bin/sh -c make # buildkit",
                "RUN /bin/sh -c other # buildkit"
            ]),
            &one
        ));
    }
}
