(* The block of Mamba around a selective state-space model: its program computes `mamba` of
   SequenceDefinitions.v, for all weights. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions SequenceDefinitions Vocabulary Words Generic Rounding Values.
From TC0 Require Import StateSpace SelectiveState Selective.
Import ListNotations.
Open Scope Z_scope.

(* The parameters: d features of p bits; the projection, the taps and the activation before the
   mixing; the mixing; the gate, the projection and the rounding after it. *)
Section Block.
  Variables (d p : nat) (WI : list (list Z)) (ks : list (list Z)) (ibase : Z).
  Variable ijumps : list (Z * Z).
  Variables (WD WB WC : list (list Z)) (base : Z) (jumps : list (Z * Z)) (s : state).
  Variables (ss : list state) (skip : list Z) (unit lo : Z) (levels : nat).
  Variables (WG : list (list Z)) (gbase : Z) (gjumps : list (Z * Z)) (WO : list (list Z)).
  Variables (unit' lo' : Z) (levels' : nat).

  (* The number of the value that the mixing of value 4 makes. *)
  Let y : nat := mixed 4 s ss.

  (* The operations. *)
  Definition mamba_ops : list op :=
    ([linear [pn; [d]] [d] 1 WI [] 0] ++ convolution d (taps ks 0 2 1) 1 2 ++
      [step ibase ijumps 3]) ++
    mixing d 4 WD WB WC base jumps s ss skip unit lo levels ++
    [ linear [pn; [d]] [d] 1 WG [] 0;
      step gbase gjumps (y + 1);
      OCon [pn; [d]] [] [IV 0; IV 1] [IV 0; IV 1] y (y + 2);
      linear [pn; [d]] [d] 1 WO [] (y + 3);
      step lo' (round_jumps unit' lo' levels') (y + 4) ].

  (* The program. *)
  Definition mamba_block : prog := mkProg [integers [pn; [d]] p] mamba_ops [(y + 5)%nat].

  (* It means the block, if no step is below 0 and all states forget what is farther back than they
     look. *)
  Theorem mamba_meaning n x :
    0 < unit -> 0 < unit' -> 0 <= lowest base jumps ->
    forallb (forgets (lowest base jumps)) (s :: ss) = true ->
    meaning mamba_block n x =
      flat_map (fun t => map (fun f =>
        mamba d WI ks (stair ibase ijumps)
          (selective d WD WB WC base jumps
            (map (fun s => (decay_base s, decay_jumps s)) (s :: ss)) skip unit lo levels)
          WG (stair gbase gjumps) WO unit' lo' levels' (decode d p x) t f) (seq 0 d)) (seq 0 n).
  Proof.
    intros U U' L F. unfold meaning. cbn [p_outs p_ops p_ins mamba_block flat_map sems0].
    rewrite app_nil_r. set (t0 := sem0 _ n 0 x).
    pose proof (mixing_length d 4 WD WB WC base jumps s ss skip unit lo levels) as M.
    assert (V : values n (sems n mamba_ops [t0]) 1 mamba_ops).
    { apply (sems_values n mamba_ops [t0]). unfold mamba_ops.
      apply ordered_app; [unfold convolution; cbn [app]; in_order |].
      cbn [app length convolution Nat.add].
      apply ordered_app; [exact (mixing_ordered d 4 _ _ _ _ _ _ _ _ _ _ _) |].
      rewrite M. fold y. unfold y, mixed. in_order. }
    set (E := sems n mamba_ops [t0]) in *.
    assert (H0 : holds (nth 0 E tnone) n d (decode d p x)).
    { unfold E. rewrite sems_old by (simpl; lia). apply input_holds. }
    clearbody E. unfold mamba_ops in V.
    apply values_app in V. destruct V as [V V']. apply values_app in V'. destruct V' as [Vm Ve].
    cbn [app length convolution Nat.add] in Vm, Ve. rewrite M in Ve.
    apply values_app in V. destruct V as [Vi V]. apply values_app in V. destruct V as [Vc Vs].
    pose proof (Vi 0%nat _ eq_refl : nth 1 E tnone = _) as V1.
    pose proof (Vs 0%nat _ eq_refl : nth 4 E tnone = _) as V4.
    pose proof (linear_holds n E d d WI 0 _ H0) as H1. rewrite <- V1 in H1.
    pose proof (convolution_rows n E d _ _ 1 2 _ (taps_kernel n ks) Vc H1) as H3.
    apply (step_holds n E d ibase ijumps) in H3. rewrite <- V4 in H3.
    pose proof (mixing_rows n E d 4 WD WB WC base jumps s ss skip unit lo levels _ U L F Vm H3)
      as Hy.
    fold y in Hy, Ve.
    assert (Y : S (S (S (S (S (y - 4))))) = (y + 1)%nat) by (unfold y, mixed; lia).
    rewrite Y in Ve.
    pose proof (Ve 0%nat _ eq_refl) as W1. pose proof (Ve 1%nat _ eq_refl) as W2.
    pose proof (Ve 2%nat _ eq_refl) as W3. pose proof (Ve 3%nat _ eq_refl) as W4.
    pose proof (Ve 4%nat _ eq_refl) as W5.
    rewrite <- Nat.add_assoc in W1, W2, W3, W4, W5. cbn [Nat.add] in W1, W2, W3, W4, W5.
    pose proof (linear_holds n E d d WG 0 _ H0) as G. rewrite <- W1 in G.
    apply (step_holds n E d gbase gjumps) in G. rewrite <- W2 in G.
    pose proof (times_holds n E d _ _ _ _ Hy G) as P. rewrite <- W3 in P.
    apply (linear_holds n E d d WO) in P. rewrite <- W4 in P.
    apply (step_holds n E d lo' (round_jumps unit' lo' levels')) in P. rewrite <- W5 in P.
    apply elements_holds. eapply holds_ext; [exact P |]. intros t f T Ff. cbn beta.
    now rewrite stair_round.
  Qed.
End Block.
Print Assumptions mamba_meaning.

(* Certifies a concrete program whose operations are those of the block. *)
Ltac certify_mamba certificate d p WI ks ibase ijumps WD WB WC base jumps s ss skip unit lo levels
    WG gbase gjumps WO unit' lo' levels' :=
  certify_meaning certificate
    (mamba_block d p WI ks ibase ijumps WD WB WC base jumps s ss skip unit lo levels WG gbase gjumps
      WO unit' lo' levels')
    (mamba_meaning d p WI ks ibase ijumps WD WB WC base jumps s ss skip unit lo levels WG gbase
      gjumps WO unit' lo' levels').
