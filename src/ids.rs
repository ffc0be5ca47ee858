//! Dense ids of everything a model names. Names themselves live at the edges.

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($inner:ty)) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
        pub struct $name(pub $inner);

        impl $name {
            /// The id of the `index`-th such thing.
            ///
            /// *Panics* where the model holds more of them than the id can count.
            pub fn new(index: usize) -> Self {
                $name(<$inner>::try_from(index).expect(concat!("too many ids: ", stringify!($name))))
            }

            /// Position in the model's list.
            #[inline]
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

id! {
    /// A ticket class.
    ClassId(u16)
}
id! {
    /// A team.
    TeamId(u16)
}
id! {
    /// A group of agents of one team who share shift, skills and tenure.
    PoolId(u16)
}
id! {
    /// A waiting line.
    LineId(u32)
}
id! {
    /// An agent.
    AgentId(u32)
}
id! {
    /// A slot that holds a ticket for as long as something may still happen to it.
    TicketId(u32)
}
id! {
    /// A calendar of open hours.
    CalendarId(u16)
}

/// Which interventions are in force: a bit for each.
pub type Mask = u32;
