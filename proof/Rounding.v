(* Staircases that round: those of Vocabulary.v and Generic.v whose jumps are a unit apart are what
   Definitions.v calls round_to. *)
From Coq Require Import List ZArith NArith Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Definitions Generic.
Import ListNotations.
Open Scope Z_scope.

(* The jumps of rounding to units, clipped to lo .. lo + m. *)
Definition round_jumps (unit lo : Z) (m : nat) : list (Z * Z) :=
  map (fun k => ((lo + 1 + Z.of_nat k) * unit - unit / 2, 1)) (seq 0 m).

(* A level is reached half a unit before its multiple of the unit. *)
Lemma round_level unit t y : 0 < unit ->
  (t * unit - unit / 2 <=? y) = (t <=? (2 * y + unit) / (2 * unit)).
Proof.
  intro U. apply eq_true_iff_eq. rewrite !Z.leb_le.
  pose proof (Z.div_mod unit 2) as D. pose proof (Z.mod_pos_bound unit 2) as M.
  split; intro H.
  - apply Z.div_le_lower_bound; lia.
  - pose proof (Z.mul_div_le (2 * y + unit) (2 * unit)). nia.
Qed.

(* The staircase rounds. *)
Lemma stair_round unit lo m y : 0 < unit ->
  stair lo (round_jumps unit lo m) y = round_to unit lo m y.
Proof.
  intro U. unfold round_to. rewrite <- count_levels. unfold stair, round_jumps.
  rewrite map_map. f_equal. f_equal. apply map_ext. intro k. cbn [fst snd].
  rewrite round_level by auto. apply Z.mul_1_l.
Qed.
Print Assumptions stair_round.

(* So does that whose unit is another one for each n. *)
Lemma rounding_round unit m n i y : 0 < unit n ->
  stair 0 (jumpsat (rounding unit m) n i) y = round_to (unit n) 0 m y.
Proof.
  intro U. rewrite <- stair_round by auto. unfold rounding, round_jumps, jumpsat. f_equal.
  rewrite <- seq_shift, !map_map. apply map_ext. intro k. cbn [fst snd cval].
  f_equal. lia.
Qed.
Print Assumptions rounding_round.

(* The unit of a layer is at least 1. *)
Lemma layer_unit_pos W rows columns : 0 < layer_unit W rows columns.
Proof.
  unfold layer_unit.
  assert (P : forall l, (forall o, In o l -> 0 < o) ->
    0 < match l with [] => 1 | u :: r => fold_right Z.min u r end).
  { intros [| u r] H; [lia |]. pose proof (H u (or_introl eq_refl)) as U.
    assert (R : forall o, In o r -> 0 < o) by (intros; apply H; now right).
    clear H. induction r as [| o r IH]; cbn [fold_right]; [exact U |].
    apply Z.min_glb_lt; [apply R; now left | apply IH; intros; apply R; now right]. }
  apply P. intros o O. apply in_map_iff in O. destruct O as (k & <- & _). lia.
Qed.
Print Assumptions layer_unit_pos.
