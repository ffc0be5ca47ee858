//! A small heap of packed integers, four children to a node, whose top can be replaced in place.
//!
//! A completion that starts the next ticket replaces the top of the agenda; four children make the
//! tree shallow and keep siblings in one cache line.

/// Smallest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heap {
    items: Vec<u128>,
}

impl Heap {
    /// The smallest, or the largest possible where there is none.
    #[inline]
    pub(crate) fn top(&self) -> u128 {
        self.items.first().copied().unwrap_or(u128::MAX)
    }

    pub(crate) fn clear(&mut self) {
        self.items.clear();
    }

    #[inline]
    pub(crate) fn push(&mut self, item: u128) {
        self.items.push(item);
        let items = &mut self.items[..];
        let mut place = items.len() - 1;
        while place > 0 {
            let parent = (place - 1) / 4;
            if items[parent] <= item {
                break;
            }
            items[place] = items[parent];
            place = parent;
        }
        items[place] = item;
    }

    /// Removes the top.
    #[inline]
    pub(crate) fn pop(&mut self) {
        if let Some(last) = self.items.pop()
            && !self.items.is_empty()
        {
            self.replace_top(last);
        }
    }

    /// Puts an item in the place of the top, and in order.
    #[inline]
    pub(crate) fn replace_top(&mut self, item: u128) {
        let items = &mut self.items[..];
        let mut place = 0;
        while let Some(children) = items.get(4 * place + 1..) {
            let (offset, child) = match children {
                [a, b, c, d, ..] => {
                    // A tournament: two independent comparisons, then one.
                    let low = if b < a { (1, *b) } else { (0, *a) };
                    let high = if d < c { (3, *d) } else { (2, *c) };
                    if high.1 < low.1 { high } else { low }
                }
                [] => break,
                [first, rest @ ..] => {
                    let mut least = (0, *first);
                    for (offset, child) in rest.iter().enumerate() {
                        if *child < least.1 {
                            least = (offset + 1, *child);
                        }
                    }
                    least
                }
            };
            if child >= item {
                break;
            }
            items[place] = child;
            place = 4 * place + 1 + offset;
        }
        items[place] = item;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Key, Purpose};
    use rand::RngExt;

    #[test]
    fn it_sorts_whatever_comes() {
        let mut chance = Key(1).draw(Purpose::Pick, 0);
        let mut heap = Heap::default();
        let mut sorted = Vec::new();
        for step in 0..5000 {
            let item = u128::from(chance.random::<u16>());
            if step % 3 == 2 && !sorted.is_empty() {
                let smallest = sorted.remove(0);
                assert_eq!(heap.top(), smallest);
                if step % 2 == 0 {
                    heap.pop();
                    continue;
                }
                heap.replace_top(item);
            } else {
                heap.push(item);
            }
            let place = sorted.partition_point(|other| *other <= item);
            sorted.insert(place, item);
        }
        while !sorted.is_empty() {
            assert_eq!(heap.top(), sorted.remove(0));
            heap.pop();
        }
        assert_eq!(heap.top(), u128::MAX);
    }
}
