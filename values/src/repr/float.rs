//! Floats as decimal digits.

/// Floats have no more digits than this after the point: the rest is zeros.
const DIGITS: usize = 1100;

/// Floats are dense enough for two texts to be equally near only from so many digits on.
const TIES: usize = 15;

/// `repr(float)`
pub fn float_repr(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let mut out = String::with_capacity(24);
    if value.is_sign_negative() {
        out.push('-');
    }
    let (digits, exponent) = digits(value.abs());
    if (-4..16).contains(&exponent) {
        write_fixed(&digits, exponent, &mut out);
        if exponent >= digits.len() as i32 - 1 {
            out.push_str(".0");
        }
    } else {
        out.push_str(&digits[..1]);
        if digits.len() > 1 {
            out.push('.');
            out.push_str(&digits[1..]);
        }
        put!(
            out,
            "e{}{:02}",
            if exponent < 0 { '-' } else { '+' },
            exponent.abs()
        );
    }
    out
}

/// The shortest digits that read back as the finite, positive `value`, and the decimal exponent of the first one.
pub(crate) fn digits(value: f64) -> (String, i32) {
    let shortest = split(&format!("{value:e}"));
    let count = shortest.0.len();
    if count < TIES {
        return shortest;
    }
    // Of two texts that are equally near, Rust takes either; Python takes the even one.
    let even = split(&format!("{value:.*e}", count - 1));
    let reads_back = || format!("{}e{}", even.0, even.1 - count as i32 + 1).parse() == Ok(value);
    if even != shortest && reads_back() {
        return even;
    }
    shortest
}

/// The `count` digits nearest to the finite, positive `value`, and the decimal exponent of the first one.
pub(crate) fn round_digits(value: f64, count: usize) -> (String, i32) {
    let (mut digits, exponent) = split(&format!("{value:.*e}", count.clamp(1, DIGITS) - 1));
    digits.extend(std::iter::repeat_n('0', count.saturating_sub(DIGITS)));
    (digits, exponent)
}

fn split(scientific: &str) -> (String, i32) {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let digits = mantissa.chars().filter(|c| *c != '.').collect();
    (digits, exponent.parse().unwrap_or(0))
}

/// Appends digits, the first of which has the given decimal exponent, without exponent.
pub(crate) fn write_fixed(digits: &str, exponent: i32, out: &mut String) {
    if exponent < 0 {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', (-exponent - 1) as usize));
        out.push_str(digits);
        return;
    }
    let whole = exponent as usize + 1;
    if digits.len() <= whole {
        out.push_str(digits);
        out.extend(std::iter::repeat_n('0', whole - digits.len()));
    } else {
        out.push_str(&digits[..whole]);
        out.push('.');
        out.push_str(&digits[whole..]);
    }
}
