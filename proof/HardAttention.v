(* Unique-hard attention, without a mask and with a causal one: the program, which computes
   attend_hard as Definitions.v has it, and the certificate for all its parameters. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions Vocabulary Values Blocks Attention StableAttention.
Import ListNotations.
Open Scope Z_scope.

(* Among the numbers n f k - k over k < m, those that reach the greatest are that of the leftmost of
   the greatest f k alone. *)
Lemma ranked_greatest n m f j : (j < m <= n)%nat ->
  let r k := Z.of_nat n * f k + - Z.of_nat k in
  (0 <=? r j - greatest m r) = (j =? leftmost m f)%nat.
Proof.
  intros J r. destruct (leftmost_ok m f) as (Q & E & B); [lia |].
  set (q := leftmost m f) in *. destruct (greatest_ok m f) as [_ G]; [lia |].
  assert (D : forall k, (k < m)%nat -> k <> q -> r k < r q).
  { intros k K N. subst r. cbn beta. specialize (G k K).
    destruct (Nat.lt_ge_cases k q) as [C | C]; [specialize (B k C) |]; nia. }
  rewrite (greatest_eq m r q Q).
  - destruct (Nat.eqb_spec j q) as [-> | N]; [apply Z.leb_le; lia |].
    apply Z.leb_gt. specialize (D j ltac:(lia) N). lia.
  - intros k K. destruct (Nat.eq_dec k q) as [-> | N]; [lia |].
    specialize (D k K N). lia.
Qed.

(* An element of a ranked tensor. *)
Lemma ranked_sem n env H a h i j : (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
  snd (sem1 n env (ranked [[H]; pn; pn] pn 2 a)) [h; i; j] =
    Z.of_nat n * snd (nth a env tnone) [h; i; j] + - Z.of_nat j.
Proof.
  intros Hh I J. unfold ranked. rewrite sum_sem by inside. unfold dims. cbn [map].
  rewrite zsum_box0. cbn [app nth cval map imap ieval length seq]. rewrite length_n. lia.
Qed.

(* The parameters: d features in H heads of e features each; an input of p bits; the projections;
   whether there is a causal mask. *)
Section Hard.
  Variables (d H e p : nat).
  Variables (WQ WK WV : list (list Z)).
  Variables (masked : bool).

  (* The operations, of which value 10 is the scores ranked, and value 11 or 12 is 1 for the
     leftmost of the greatest, else 0: hij; and the block. *)
  Definition hard_of (F : list op) : list op :=
    let w := last_below masked 11 in
    F ++ [ranked [[H]; pn; pn] pn 2 8] ++ below H 0 [(0, 1)] masked 10 11 ++
      [mix H e w; side d e (w + 1)].
  Definition hard_attention : list op := hard_of (front d H e WQ WK WV).
  Definition hard_block : prog := block_of d p hard_attention.

  (* The features are those of all heads, and a head has some. *)
  Hypothesis heads : d = (H * e)%nat.
  Hypothesis width : (1 <= e)%nat.

  (* Attention as Definitions.v has it, with these parameters. *)
  Local Notation decode := (decode d p).
  Local Notation attend_hard := (attend_hard d e WQ WK WV masked).

  (* The block means unique-hard attention. *)
  Theorem hard_of_computes F keys vals n x : (1 <= n)%nat ->
    fronts d H e WQ F keys vals n x -> computes (hard_of F) n d d x
      (Definitions.attend_hard d e WQ keys vals masked n x).
  Proof.
    intros Hn HF t HX. unfold hard_of. cbn zeta.
    start_of F HF HX S8 H8 H9.
    replace (9 + length _)%nat with (last_below masked 11 + 2)%nat by now destruct masked.
    next t10.
    set (s := score d e WQ keys x) in *.
    assert (H10 : fst t10 = [H; n; n] /\
      forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
      snd t10 [h; i; j] = Z.of_nat n * s h i j + - Z.of_nat j).
    { subst t10. split; [cbn [sem1 fst ranked]; now lengths |]. intros h i j Hh I J.
      rewrite ranked_sem by auto. cbn [nth]. now rewrite H8. }
    clearbody t10. destruct H10 as [S10 H10].
    rewrite sems_app.
    lazymatch goal with
    | |- context [sems n (below _ _ _ _ _ _) ?env] =>
      destruct (below_meaning H 0 [(0, 1)] masked 10 11 n env
        (fun h i j => Z.of_nat n * s h i j + - Z.of_nat j) Hn eq_refl S10 H10)
        as (l & -> & L & W);
      pose proof (app_length env l) as L'; set (env' := env) in *
    end.
    set (w := last_below masked 11) in *.
    assert (W11 : (11 <= w)%nat) by (subst w; unfold last_below; destruct masked; lia).
    assert (L12 : length (env' ++ l) = S w).
    { rewrite L', L. subst env'. cbn [length]. lia. }
    assert (V : forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd (nth 9 (env' ++ l) tnone) [i; h; k] = project d x vals i (e * h + k))
      by exact H9.
    set (env := env' ++ l) in *. clearbody env. clear env' L L'.
    after m1.
    pose proof (mix_meaning d H e vals n x env w _ W V) as M.
    fold m1 in M. clearbody m1. after m2. cbn [sems].
    rewrite app_nth2 by lia. replace (w + 2 - length env)%nat with 1%nat by lia. cbn [nth].
    apply (side_meaning d H e heads width). intros i h k I Hh K.
    rewrite app_nth2 by lia. replace (w + 1 - length env)%nat with 0%nat by lia. cbn [nth].
    rewrite M by auto. unfold Definitions.attend_hard.
    replace ((e * h + k) / e)%nat with h
      by (rewrite Nat.mul_comm, Nat.div_add_l, Nat.div_small; lia).
    fold s. set (r := seen masked n i).
    assert (R : (1 <= r <= n)%nat) by (subst r; unfold seen; destruct masked; lia).
    assert (C : forall j, (if (j <? r)%nat
      then stair 0 [(0, 1)] (Z.of_nat n * s h i j + - Z.of_nat j -
        greatest r (fun j => Z.of_nat n * s h i j + - Z.of_nat j)) else 0) =
      Z.b2z ((j <? r)%nat && (j =? leftmost r (s h i))%nat)).
    { intro j. destruct (Nat.ltb_spec j r) as [J | J]; [| reflexivity].
      rewrite <- (ranked_greatest n r) by lia. unfold stair. cbn [map fst snd zsum andb]. lia. }
    destruct (leftmost_ok r (s h i)) as (Q & _ & _); [lia |].
    rewrite bigsum_pick with (q := leftmost r (s h i)); [| lia |].
    - cbn zeta. fold r. rewrite C, (proj2 (Nat.ltb_lt _ _) Q), Nat.eqb_refl. cbn [andb Z.b2z]. lia.
    - intros j J N. cbn zeta. fold r. rewrite C, (proj2 (Nat.eqb_neq _ _) N), andb_false_r.
      reflexivity.
  Qed.
  Theorem hard_computes n x : (1 <= n)%nat ->
    computes hard_attention n d d x (attend_hard n x).
  Proof. intro Hn. apply hard_of_computes, front_meaning; auto. Qed.

  (* The block is in TC0 and computes unique-hard attention, with the bounds that the analysis
     finds. *)
  Theorem hard_attention_certified lev count : analyse hard_block = Some (count, lev) ->
    forall n, (1 <= n)%nat -> let c := compile hard_block n in
    wf c /\ (depth c <= lev)%nat /\ (N.of_nat (size c) <= neval count (N.of_nat n))%N /\
    forall x, eval c x =
      flat_map (fun i => map (fun f => attend_hard n (decode x) i f) (seq 0 d)) (seq 0 n).
  Proof.
    intro A. exact (block_certified _ d d p _ lev count (fun n x => hard_computes n _) A).
  Qed.
End Hard.
Print Assumptions hard_computes.
Print Assumptions hard_attention_certified.

(* Certifies a concrete program whose operations are those of the block. The goal is the conclusion
   of hard_attention_certified, from `forall n` on, with the program in place of the block; the
   parameters are read off what is to be computed. *)
Ltac certify_hard_attention :=
  lazymatch goal with
  | |- context [attend_hard ?d ?e ?WQ ?WK ?WV ?masked _
      (decode _ ?p _)] =>
    let H := eval vm_compute in (d / e)%nat in
    certify_block (hard_block d H e p WQ WK WV masked)
      (hard_attention_certified d H e p WQ WK WV masked)
  end.
