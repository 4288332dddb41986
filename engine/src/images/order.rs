//! In which order images are built: those that others are built on come first.

/// The numbers of items, in an order in which each follows those that it `needs`; else as they are.
///
/// # Errors
/// The numbers of items that need each other in a circle.
pub(super) fn sorted(needs: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut order = Vec::new();
    let mut path = Vec::new();
    for item in 0..needs.len() {
        visit(item, needs, &mut order, &mut path)?;
    }
    Ok(order)
}

fn visit(
    item: usize,
    needs: &[Vec<usize>],
    order: &mut Vec<usize>,
    path: &mut Vec<usize>,
) -> Result<(), Vec<usize>> {
    if order.contains(&item) {
        return Ok(());
    }
    if let Some(start) = path.iter().position(|other| *other == item) {
        return Err(path[start..].to_vec());
    }
    path.push(item);
    for needed in &needs[item] {
        visit(*needed, needs, order, path)?;
    }
    path.pop();
    order.push(item);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_needed_comes_first_and_the_rest_stays() {
        assert_eq!(
            sorted(&[vec![], vec![3], vec![], vec![2]]),
            Ok(vec![0, 2, 3, 1])
        );
        assert_eq!(sorted(&[]), Ok(vec![]));
        assert_eq!(sorted(&[vec![], vec![2], vec![1]]), Err(vec![1, 2]));
        assert_eq!(sorted(&[vec![0]]), Err(vec![0]));
    }
}
