(* Norms: their programs, which compute rms_norm and layer_norm as NormDefinitions.v has them, and
   the certificates for all their parameters. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions NormDefinitions Vocabulary Words Blocks.
Import ListNotations.
Open Scope Z_scope.

(* ---- levels of a root ---- *)

(* The levels that x reaches: those of a number over a root. *)
Definition root_levels (unit lo : Z) (offsets : list Z) (m : nat) (x y : Z) (f : nat) : Z :=
  lo + bigsum m (fun q => Z.b2z (reaches_root x (unit * (lo + 1 + Z.of_nat q) - nth f offsets 0) y)).

(* The sum that decides. *)
Lemma root_sum x t y B : 0 <= y -> x * x < B ->
  (0 <=? Z.sgn t * (x * x) + (((if t =? 0 then -1 else if 0 <? t then - B else 0) +
    (if t =? 0 then 1 else B) * Z.b2z (0 <=? x)) + - Z.sgn t * (t * t) * y)) = reaches_root x t y.
Proof.
  intros Y X. unfold reaches_root. rewrite !Z.pow_2_r.
  pose proof (Z.square_nonneg x). assert (S : 0 <= t * t * y) by nia.
  apply eq_true_iff_eq. destruct (Z.eqb_spec t 0) as [-> | E].
  - change (0 <? 0) with false. cbn [Z.sgn].
    destruct (Z.leb_spec 0 x); cbn [Z.b2z orb]; rewrite !Z.leb_le; nia.
  - destruct (Z.ltb_spec 0 t); [rewrite Z.sgn_pos by lia | rewrite Z.sgn_neg by lia];
      destruct (Z.leb_spec 0 x); cbn [Z.b2z orb andb]; rewrite ?Z.leb_le; lia.
Qed.

(* The operations of a root. The operands are a square, a sign and a radicand of n positions; k is
   the number of the first operation. *)
Section Root.
  Variables (d m : nat) (unit lo : Z) (offsets : list Z) (B : Z).

  Definition root (square sign radicand k : nat) : list op :=
    let each := [pn; [d]; [m]] in
    let t := tau unit lo offsets 1 in
    [ (* k to k + 2: three sums; k + 3, k + 4: together *)
      root_square each t square;
      root_radicand each t [IV 0] radicand;
      root_sign each t B sign;
      OAdd k (k + 1);
      OAdd (k + 3) (k + 2);
      (* k + 5, k + 6: the levels that are reached, and how many they are *)
      step 0 [(0, 1)] (k + 4);
      levels_from lo [pn; [d]] m (k + 5) ].

  (* They mean the levels that x reaches. *)
  Lemma root_meaning n env square sign rad k x y :
    length env = k -> (square < k)%nat -> (sign < k)%nat -> (rad < k)%nat ->
    (forall i f, (i < n)%nat -> (f < d)%nat -> snd (nth square env tnone) [i; f] = x i f * x i f) ->
    (forall i f, (i < n)%nat -> (f < d)%nat ->
      snd (nth sign env tnone) [i; f] = Z.b2z (0 <=? x i f)) ->
    (forall i, (i < n)%nat -> snd (nth rad env tnone) [i] = y i) ->
    (forall i, (i < n)%nat -> 0 <= y i) ->
    (forall i f, (i < n)%nat -> (f < d)%nat -> x i f * x i f < B) ->
    holds (nth (k + 6) (sems n (root square sign rad k) env) tnone) n d
      (fun i f => root_levels unit lo offsets m (x i f) (y i) f).
  Proof.
    intros L Ls Lg Lr HS HG HR Y X. set (T f q := unit * (lo + 1 + Z.of_nat q) - nth f offsets 0).
    assert (N : forall l j, nth (k + j) (env ++ l) tnone = nth j l tnone)
      by (intros; rewrite <- L; apply app_nth2_plus).
    assert (N0 : forall l, nth k (env ++ l) tnone = nth 0 l tnone)
      by (intro; rewrite <- (Nat.add_0_r k) at 1; apply N).
    assert (O : forall l j, (j < k)%nat -> nth j (env ++ l) tnone = nth j env tnone)
      by (intros; apply app_nth1; lia).
    unfold root. cbn zeta.
    unfold root_square, root_radicand, root_sign, levels_from. cbn [length Nat.sub seq map].
    after t0.
    assert (H0 : fst t0 = [n; d; m] /\ forall i f q, (i < n)%nat -> (f < d)%nat -> (q < m)%nat ->
      snd t0 [i; f; q] = Z.sgn (T f q) * (x i f * x i f)).
    { subst t0. split; [cbn [sem1 fst]; now dim |]. intros i f q I F Q.
      rewrite sum_sem by bound. unfold dims. cbn [map]. rewrite zsum_box0.
      cbn [app cval imap map ieval nth]. rewrite HS by auto. reflexivity. }
    clearbody t0. destruct H0 as [S0 H0].
    after t1.
    assert (H1 : forall i f q, (i < n)%nat -> (f < d)%nat -> (q < m)%nat ->
      snd t1 [i; f; q] = - Z.sgn (T f q) * (T f q * T f q) * y i).
    { subst t1. intros i f q I F Q.
      rewrite sum_sem by bound. unfold dims. cbn [map]. rewrite zsum_box0.
      cbn [app cval imap map ieval nth]. rewrite O, HR by auto. reflexivity. }
    clearbody t1.
    after t2.
    assert (H2 : forall i f q, (i < n)%nat -> (f < d)%nat -> (q < m)%nat ->
      snd t2 [i; f; q] = (if T f q =? 0 then -1 else if 0 <? T f q then - B else 0) +
        (if T f q =? 0 then 1 else B) * Z.b2z (0 <=? x i f)).
    { subst t2. intros i f q I F Q.
      rewrite sum_sem by bound. unfold dims. cbn [map]. rewrite zsum_box0.
      cbn [app cval imap map ieval nth]. rewrite O, HG by auto. reflexivity. }
    clearbody t2.
    after t3.
    assert (H3 : fst t3 = [n; d; m] /\ forall i f q, (i < n)%nat -> (f < d)%nat -> (q < m)%nat ->
      snd t3 [i; f; q] = snd t0 [i; f; q] + snd t1 [i; f; q]).
    { subst t3. unfold sem1. rewrite N0, N. cbn [nth fst snd]. rewrite S0. split; auto.
      intros. now rewrite table_eq, inb3. }
    clearbody t3. destruct H3 as [S3 H3].
    after t4.
    assert (H4 : fst t4 = [n; d; m] /\ forall i f q, (i < n)%nat -> (f < d)%nat -> (q < m)%nat ->
      snd t4 [i; f; q] = snd t3 [i; f; q] + snd t2 [i; f; q]).
    { subst t4. unfold sem1. rewrite !N. cbn [nth fst snd]. rewrite S3. split; auto.
      intros. now rewrite table_eq, inb3. }
    clearbody t4. destruct H4 as [S4 H4].
    after t5.
    assert (H5 : forall i f q, (i < n)%nat -> (f < d)%nat -> (q < m)%nat ->
      snd t5 [i; f; q] = Z.b2z (reaches_root (x i f) (T f q) (y i))).
    { subst t5. intros i f q I F Q. rewrite step_sem; rewrite N; cbn [nth].
      - rewrite H4, H3, H2, H1, H0, <- (root_sum _ _ _ B) by auto.
        unfold stair. cbn [map zsum fst snd].
        match goal with |- 0 + (1 * Z.b2z (0 <=? ?a) + 0) = Z.b2z (0 <=? ?b) =>
          replace a with b by ring; now destruct (0 <=? b) end.
      - rewrite S4. now apply inb3. }
    clearbody t5.
    after t6. cbn [sems]. rewrite N. cbn [nth]. split; [subst t6; cbn [sem1 fst]; now dim |].
    intros i f I F. subst t6. rewrite sum_sem by bound. dim. rewrite zsum_box1. cbn [cval].
    unfold root_levels. f_equal. apply bigsum_ext. intros q Q.
    cbn [app imap map ieval nth]. rewrite N. cbn [nth]. rewrite H5 by auto. apply Z.mul_1_l.
  Qed.
End Root.
