//! The first values of the named streams. Whoever moves them changes every forecast ever made.

use rand::RngExt;
use surgecast::rng::{Key, Purpose};

/// Every purpose with its number, which is part of the seed and never changes.
const PURPOSES: &[(Purpose, u64)] = &[
    (Purpose::Arrivals, 1),
    (Purpose::Busyness, 2),
    (Purpose::Priority, 3),
    (Purpose::Handle, 4),
    (Purpose::Escalate, 5),
    (Purpose::Pending, 6),
    (Purpose::CustomerReply, 7),
    (Purpose::Patience, 8),
    (Purpose::Chaser, 9),
    (Purpose::Duplicate, 10),
    (Purpose::Reopen, 11),
    (Purpose::Automation, 12),
    (Purpose::Absence, 13),
    (Purpose::Opening, 14),
    (Purpose::Redial, 15),
    (Purpose::Pick, 16),
    (Purpose::Break, 17),
    (Purpose::Burst, 18),
    (Purpose::Transfer, 19),
    (Purpose::Bulk, 20),
    (Purpose::SideWork, 21),
    (Purpose::Triage, 60),
    (Purpose::Forget, 63),
    (Purpose::Approval, 61),
    (Purpose::Procedure, 62),
    (Purpose::Speed, 40),
    (Purpose::Quality, 41),
    (Purpose::Leaves, 42),
];

#[test]
fn purposes_keep_their_numbers() {
    for (purpose, number) in PURPOSES {
        assert_eq!(*purpose as u64, *number, "{purpose:?}");
    }
}

#[test]
fn keys_are_pinned() {
    let season = Key::replication(1, 0);
    let class = season.named("order-status");
    let ticket = class.nth(41);
    let found = [
        season.0,
        Key::replication(1, 1).0,
        Key::replication(2, 0).0,
        class.0,
        ticket.0,
        ticket.follow_up(Purpose::Duplicate, 0).0,
        ticket.follow_up(Purpose::Duplicate, 1).0,
    ];
    assert_eq!(found, KEYS, "{found:#x?}");
}

#[test]
fn first_draws_of_every_purpose_are_pinned() {
    let ticket = Key::replication(1, 0).named("order-status").nth(41);
    let first = |purpose: Purpose, n: u64| ticket.draw(purpose, n).random::<u64>();
    let found = PURPOSES.iter().map(|(purpose, _)| [first(*purpose, 0), first(*purpose, 1)]);
    let found: Vec<_> = found.collect();
    assert_eq!(found, FIRST, "{found:#x?}");
}

const KEYS: [u64; 7] = [
    0x5dc2_0aa7_b2a2_7137,
    0xbda5_668a_01d7_049c,
    0x6468_4c4f_0fd7_84b4,
    0xa29d_0961_974c_0666,
    0x2977_710a_241c_20a2,
    0x0c7c_8868_6faa_4c90,
    0x773d_741d_a8d6_230d,
];

const FIRST: &[[u64; 2]] = &[
    [0x30f4_5d15_322b_2515, 0x9397_8fec_a90c_5e23],
    [0xc21f_4c31_39af_6a5e, 0x6c01_11b1_24be_080a],
    [0x3e33_5726_c787_19be, 0x2d15_88f8_9195_351e],
    [0xe5ff_5eb9_cb40_a5c5, 0x827d_d48a_414e_eded],
    [0x8cfc_3ae2_a599_8722, 0x0754_4ddf_af63_670a],
    [0xd51a_01a7_3651_d46b, 0x0e2a_6fcf_5cb0_669f],
    [0xcb98_cd96_286d_a196, 0x30e8_7b87_0989_406f],
    [0xffa7_7778_fb94_df70, 0x28fd_04d5_d6d5_498a],
    [0xdc2a_b9e8_e764_4450, 0x6b20_485b_2a51_f1d0],
    [0x895f_4496_cc02_d592, 0x9657_1904_35da_74ee],
    [0xe079_67b8_faf5_ac6c, 0x73da_393b_8eb0_64ec],
    [0x32f7_fb34_8180_37e5, 0xafaa_10e1_5418_04fb],
    [0x8e16_2ff2_8e53_902d, 0x248e_381e_2ee7_a467],
    [0xf935_d5c5_c8af_e1ea, 0x10cd_3fc2_31d1_558d],
    [0x0515_926d_ab26_6ac5, 0x7c33_6f21_4d7d_9d7f],
    [0xea17_7da3_4713_6d1c, 0x549b_6d13_31c6_088b],
    [0xf6af_fe5c_24a1_f8d0, 0x9181_3933_9f6f_f14c],
    [0x30e7_2405_4772_9605, 0x58e3_2601_f871_f3bf],
    [0xd07a_03fb_3379_1379, 0xf724_29f0_67db_c82d],
    [0xefe0_a9d0_5dc1_0611, 0xc595_cadb_3311_6bbc],
    [0x93eb_b888_3bba_b155, 0xb615_d9ff_972d_98c1],
    [0x9808_7e39_bd94_ee7c, 0xc58d_b41d_9da7_517a],
    [0x44cc_7e11_4955_17ec, 0x01c3_c1f0_ee3c_2a4d],
    [0x5e7a_2c35_b857_4c54, 0x0ef8_ee0e_df81_da6e],
    [0xbe74_acf0_40f5_3316, 0x03a4_e6e4_74af_e4e1],
    [0xe40b_7dd8_b7c3_3928, 0x91ba_2ad7_26e5_f22d],
    [0xbb5d_b75d_e4ec_c1d9, 0x1910_de26_cb14_b8e1],
    [0xee50_68a4_36a8_f9b7, 0xb9a3_961c_247d_dc03],
];
