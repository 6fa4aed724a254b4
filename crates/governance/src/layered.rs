//! A persistent map over a frozen one: what a start reads at once is frozen, and what changes later lies over it.
//!
//! A frozen map is many times faster to make than a persistent one of the same size, and a clone shares it all the same.
//! Nothing is removed from it, so that it suits records that stay.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::ops::Index;
use std::sync::Arc;

use rpds::HashTrieMapSync;

/// A map that only grows and changes; cloning it costs nothing.
#[derive(Debug, Clone)]
pub struct Layered<K: Eq + Hash, V> {
    frozen: Arc<HashMap<K, V>>,
    over: HashTrieMapSync<K, V>,
    /// How many of those above are frozen as well.
    covered: usize,
}

impl<K: Eq + Hash, V> Default for Layered<K, V> {
    fn default() -> Self {
        HashMap::new().into()
    }
}

impl<K: Eq + Hash, V> From<HashMap<K, V>> for Layered<K, V> {
    fn from(frozen: HashMap<K, V>) -> Self {
        Self {
            frozen: Arc::new(frozen),
            over: HashTrieMapSync::new_sync(),
            covered: 0,
        }
    }
}

impl<K: Eq + Hash, V> Layered<K, V> {
    /// The value of a key.
    #[must_use]
    pub fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.over.get(key).or_else(|| self.frozen.get(key))
    }

    /// Whether the key has a value.
    #[must_use]
    pub fn contains_key<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.get(key).is_some()
    }

    /// How many keys there are.
    #[must_use]
    pub fn size(&self) -> usize {
        self.frozen.len() + self.over.size() - self.covered
    }

    /// All keys with their values, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        let frozen = self.frozen.iter().filter(|(key, _)| !self.over.contains_key(*key));
        self.over.iter().chain(frozen)
    }

    /// All values, in no order.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }
}

impl<K: Eq + Hash + Clone, V: Clone> Layered<K, V> {
    /// Sets the value of a key.
    pub fn insert_mut(&mut self, key: K, value: V) {
        if self.frozen.contains_key(&key) && !self.over.contains_key(&key) {
            self.covered += 1;
        }
        self.over.insert_mut(key, value);
    }

    /// Changes the value of a key, where it has one.
    pub fn change<Q: Hash + Eq + ?Sized>(&mut self, key: &Q, edit: impl FnOnce(&mut V))
    where
        K: Borrow<Q>,
    {
        if let Some((frozen, value)) = self.frozen.get_key_value(key)
            && !self.over.contains_key(key)
        {
            self.over.insert_mut(frozen.clone(), value.clone());
            self.covered += 1;
        }
        if let Some(value) = self.over.get_mut(key) {
            edit(value);
        }
    }
}

impl<K: Eq + Hash + Borrow<Q>, V, Q: Hash + Eq + ?Sized> Index<&Q> for Layered<K, V> {
    type Output = V;

    fn index(&self, key: &Q) -> &V {
        self.over.get(key).unwrap_or_else(|| &self.frozen[key])
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_a_map_wherever_its_layers_meet(frozen: BTreeMap<u8, u8>, steps: Vec<(u8, u8, bool)>) {
            let mut plain = frozen.clone();
            let mut layered = Layered::from(HashMap::from_iter(frozen));
            let before = (layered.clone(), plain.clone());
            for (key, value, insert) in steps {
                if insert {
                    layered.insert_mut(key, value);
                    plain.insert(key, value);
                } else {
                    layered.change(&key, |old| *old = old.wrapping_add(value));
                    plain.entry(key).and_modify(|old| *old = old.wrapping_add(value));
                }
                prop_assert_eq!(layered.get(&key), plain.get(&key));
            }
            for (layered, plain) in [(layered, plain), before] {
                prop_assert_eq!(layered.size(), plain.len());
                let all: BTreeMap<u8, u8> = layered.iter().map(|(key, value)| (*key, *value)).collect();
                prop_assert_eq!(all, plain);
            }
        }
    }
}
