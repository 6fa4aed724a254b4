//! The binary as people run it: the demo, the server over HTTP, and what happens when it is killed.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail, and prints its figures"
)]

mod account;
mod alerts;
mod backup;
mod bad_input;
mod books;
mod border;
mod bucket;
mod burst;
mod capacity;
mod certificates;
mod clock;
mod command;
mod conduct;
mod consent_sets;
mod demo;
mod desk;
mod disclosure;
mod documents;
mod erasure;
mod evidence;
mod exit;
mod failed;
mod files;
mod full_disk;
mod incident;
#[path = "../../../certificate/tests/support/judge.rs"]
mod judge;
mod judged;
mod kill;
mod kill_reading;
mod lost_database;
mod lost_storage;
mod lost_turn;
mod lying_witness;
mod master_key;
mod models;
mod monitor;
mod mutual_tls;
mod offer;
mod oversight;
mod parties;
mod postgres;
mod posts;
mod power_cut;
mod power_cut_postgres;
mod preload;
mod private_budget;
mod quality;
mod race;
mod registration;
mod regrading;
mod rules_of_the_day;
mod saved_state;
mod scaled_out;
mod schedule;
mod served;
mod shangmi;
mod sheets;
#[path = "../../../vault/tests/support/store.rs"]
mod store;
mod stream;
mod time_stamp;
mod torn_write;
mod trained;
mod two_servers;
mod volume;
mod what_if;
mod witness;
mod witnessed;
mod workbench;
