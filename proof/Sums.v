(* Sums of many binary numbers in TC0, by circuits that are given as a function of their number and
   length: iterated addition on two levels, and from it multiplication on three. *)
From Coq Require Import List ZArith Bool Arith Lia.
From TC0 Require Import Circuit Integers Gates Arith Problems Addition.
Import ListNotations.
Open Scope Z_scope.

(* ---- digits of a sum ---- *)

(* Row i of R has w bits, the lowest first: bit j is the literal b i j with weight 2^(o i + j), so
   that o i is how far the row is shifted. *)
Section Rows.
  Variables (R w : nat) (o : nat -> nat) (b : nat -> nat -> lit).

  (* The number of bits of row i with a weight below 2^k. *)
  Definition width (k i : nat) : nat := Nat.min w (k - o i).

  (* All bits with a weight below 2^k. *)
  Definition part (k : nat) : list (Z * lit) :=
    flat_map (fun i => map (fun j => (2 ^ Z.of_nat (o i + j), b i j)) (seq 0 (width k i)))
      (seq 0 R).

  (* The gate [what weighs less than 2^(k+1) sums up to (m+1) 2^(k+1)]. *)
  Definition passed (k m : nat) : tree :=
    TThr (part (S k)) (Z.of_nat (S m) * 2 ^ Z.of_nat (S k)).

  (* Digit k: whether this sum, less 2^(k+1) as often as it is passed, is 2^k or more. *)
  Definition sum_digit (k : nat) : tree :=
    TThr (map (fun m => (- 2 ^ Z.of_nat (S k), (false, passed k m))) (seq 0 (R - 1)) ++ part (S k))
      (2 ^ Z.of_nat k).

  (* All gates `passed` for the lowest p digits. *)
  Definition all_passed (p : nat) : list tree :=
    flat_map (fun k => map (passed k) (seq 0 (R - 1))) (seq 0 p).

  (* ---- layers ---- *)

  (* What is read of the rows. *)
  Lemma kids_part k c : In c (map (fun w => snd (snd w)) (part k)) ->
    exists i j, (i < R)%nat /\ (j < w)%nat /\ c = snd (b i j).
  Proof.
    intro C. apply in_map_iff in C. destruct C as (l & <- & C). apply in_flat_map in C.
    destruct C as (i & J & C). apply in_map_iff in C. destruct C as (j & <- & C).
    apply in_seq in J, C. unfold width in C. exists i, j. repeat split; lia.
  Qed.

  (* The gates `passed` can follow what has the bits of the rows. *)
  Lemma fits_passed ni G p g : (forall i j, (i < R)%nat -> (j < w)%nat -> good ni G (snd (b i j))) ->
    In g (all_passed p) -> fits ni G g.
  Proof.
    intros H J. apply in_flat_map in J. destruct J as (k & _ & J). apply in_map_iff in J.
    destruct J as (m & <- & _). split; [exact I |]. intros c C.
    destruct (kids_part _ _ C) as (i & j & L & M & ->). auto.
  Qed.

  (* The digits can follow all this. *)
  Lemma fits_digit ni G p k :
    (forall i j, (i < R)%nat -> (j < w)%nat -> good ni G (snd (b i j))) -> (k < p)%nat ->
    fits ni (G ++ all_passed p) (sum_digit k).
  Proof.
    intros H K. split; [exact I |]. intros c C. cbn [kids sum_digit] in C.
    rewrite map_app, map_map in C. apply in_app_or in C. destruct C as [C | C].
    - apply in_map_iff in C. destruct C as (m & <- & C).
      change (In (passed k m) (G ++ all_passed p)). apply in_or_app. right.
      apply in_flat_map. exists k. split; [apply in_seq; lia | apply in_map, C].
    - destruct (kids_part _ _ C) as (i & j & L & M & ->).
      apply (good_mono ni G); [auto |]. intros g J. apply in_or_app. now left.
  Qed.

  (* The number of gates `passed`. *)
  Lemma length_all_passed p : length (all_passed p) = (p * (R - 1))%nat.
  Proof.
    unfold all_passed. induction p as [| p IH]; [reflexivity |].
    rewrite seq_S, flat_map_app, app_length, IH. cbn [flat_map Nat.add].
    rewrite app_nil_r, map_length, seq_length. lia.
  Qed.

  (* ---- values ---- *)

  (* The bits below 2^k of row i as a number without its shift, and the sum of all rows. *)
  Definition row x k i : Z := unsigned (width k i) (fun j => leval x (b i j)) 0.
  Definition rows x k : Z := bigsum R (fun i => 2 ^ Z.of_nat (o i) * row x k i).

  (* The weighted bits have this value. *)
  Lemma wsum_part x k : wsum (leval x) (part k) = rows x k.
  Proof.
    unfold part, rows, bigsum. induction (seq 0 R) as [| i l IH]; [reflexivity |].
    cbn [flat_map map zsum]. rewrite wsum_app, IH, wsum_seq. f_equal.
    unfold row, unsigned. rewrite <- bigsum_mul. apply bigsum_ext. intros j _.
    rewrite pow_add. simpl Nat.add. ring.
  Qed.

  (* A row below 2^k is one. *)
  Lemma row_bound x k i : 0 <= 2 ^ Z.of_nat (o i) * row x k i < 2 ^ Z.of_nat k.
  Proof.
    unfold row, width. pose proof (unsigned_bound (Nat.min w (k - o i)) (fun j => leval x (b i j)) 0).
    destruct (le_lt_dec k (o i)) as [L | L].
    - replace (Nat.min w (k - o i)) with 0%nat by lia. unfold unsigned, bigsum. simpl zsum.
      pose proof (pow_pos k). lia.
    - assert (2 ^ Z.of_nat (Nat.min w (k - o i)) <= 2 ^ Z.of_nat (k - o i))
        by (apply Z.pow_le_mono_r; lia).
      replace k with (o i + (k - o i))%nat at 3 by lia. rewrite pow_add.
      pose proof (pow_pos (o i)). nia.
  Qed.

  (* So the sum of R of them is below R 2^k. *)
  Lemma rows_bound x k : (1 <= R)%nat -> 0 <= rows x k < Z.of_nat R * 2 ^ Z.of_nat k.
  Proof.
    intro P. unfold rows.
    assert (G : forall r, 0 <= bigsum r (fun i => 2 ^ Z.of_nat (o i) * row x k i) <=
      Z.of_nat r * (2 ^ Z.of_nat k - 1)).
    { induction r as [| r IH]; [unfold bigsum; simpl; lia |].
      rewrite bigsum_S, Nat2Z.inj_succ. pose proof (row_bound x k r). lia. }
    specialize (G R). lia.
  Qed.

  (* What is left out weighs multiples of 2^k. *)
  Lemma rows_mod x k d : exists q, rows x (k + d) = 2 ^ Z.of_nat k * q + rows x k.
  Proof.
    unfold rows. induction R as [| r [q IH]]; [exists 0; unfold bigsum; simpl; ring |].
    rewrite !bigsum_S, IH.
    assert (G : exists q', 2 ^ Z.of_nat (o r) * row x (k + d) r =
      2 ^ Z.of_nat k * q' + 2 ^ Z.of_nat (o r) * row x k r).
    { unfold row. set (y := fun j => leval x (b r j)).
      assert (U : forall c e, unsigned (c + e) y 0 =
        unsigned c y 0 + 2 ^ Z.of_nat c * unsigned e y c).
      { intros c e. unfold unsigned. induction e as [| e IHe].
        - rewrite Nat.add_0_r. unfold bigsum at 3. simpl zsum. ring.
        - rewrite Nat.add_succ_r, !bigsum_S, IHe, pow_add. simpl (0 + _)%nat. ring. }
      assert (F : width (k + d) r = (width k r + (width (k + d) r - width k r))%nat)
        by (unfold width; lia).
      rewrite F, U. set (e := unsigned (width (k + d) r - width k r) y (width k r)).
      destruct (le_lt_dec w (k - o r)) as [L | L].
      - exists 0. replace e with 0; [ring |]. subst e. unfold width.
        replace (Nat.min w (k + d - o r) - Nat.min w (k - o r))%nat with 0%nat by lia.
        reflexivity.
      - replace (width k r) with (k - o r)%nat by (unfold width; lia).
        destruct (le_lt_dec k (o r)) as [M | M].
        + exists (2 ^ Z.of_nat (o r - k) * e). replace (k - o r)%nat with 0%nat by lia.
          replace (o r) with (k + (o r - k))%nat at 1 3 by lia. rewrite pow_add.
          change (2 ^ Z.of_nat 0) with 1. ring.
        + exists e. replace k with (o r + (k - o r))%nat at 3 by lia. rewrite pow_add. ring. }
    destruct G as [q' ->]. exists (q + q'). ring.
  Qed.

  (* The value of a gate `passed`: it compares a quotient. *)
  Lemma teval_passed x k m :
    teval x (passed k m) = (Z.of_nat (S m) <=? rows x (S k) / 2 ^ Z.of_nat (S k)).
  Proof.
    unfold passed. rewrite teval_thr, wsum_part, <- quotient_level by apply pow_pos.
    apply eq_true_iff_eq. rewrite !Z.leb_le. lia.
  Qed.

  (* The quotient is less than R. *)
  Lemma quotient_bound x k : (1 <= R)%nat -> 0 <= rows x k / 2 ^ Z.of_nat k <= Z.of_nat (R - 1).
  Proof.
    intro P. pose proof (rows_bound x k P) as B. pose proof (pow_pos k). split.
    - apply Z.div_pos; lia.
    - enough (rows x k / 2 ^ Z.of_nat k < Z.of_nat R) by lia. apply Z.div_lt_upper_bound; lia.
  Qed.

  (* A digit gate is a digit of the sum of what weighs less than 2^p, for all p above k. *)
  Lemma teval_sum_digit x k p : (1 <= R)%nat -> (k < p)%nat ->
    teval x (sum_digit k) = Z.testbit (rows x p) (Z.of_nat k).
  Proof.
    intros P K. destruct (rows_mod x (S k) (p - S k)) as [q E].
    replace (S k + (p - S k))%nat with p in E by lia.
    pose proof (quotient_bound x (S k) P) as Q.
    set (s := rows x (S k)) in *. set (d := 2 ^ Z.of_nat (S k)) in *.
    assert (D : 0 < d) by apply pow_pos.
    rewrite (testbit_rest _ k (q + s / d) (s mod d)); fold d.
    - unfold sum_digit. rewrite teval_thr, wsum_app, wsum_part, wsum_seq, bigsum_mul.
      fold d s. f_equal. rewrite (Z.mod_eq s d) by lia.
      pose proof (count_levels 0 (s / d) (R - 1)) as C.
      rewrite (bigsum_ext _ _ (fun m => Z.b2z (0 + 1 + Z.of_nat m <=? s / d))).
      + unfold bigsum. unfold clip in C. lia.
      + intros m _. rewrite leval_pos, teval_passed. fold d s. do 2 f_equal. lia.
    - rewrite E. pose proof (Z.div_mod s d ltac:(lia)). lia.
    - now apply Z.mod_pos_bound.
  Qed.
End Rows.
