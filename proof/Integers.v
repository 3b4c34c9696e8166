(* Plain words for integers: sums, staircases, clipping, and numbers from their bits; with the
   few facts about them that proofs use. Only the standard library is needed here. *)
From Coq Require Import List ZArith Bool Arith Lia.
Import ListNotations.
Open Scope Z_scope.

(* ---- words ---- *)

(* The sum of a list. *)
Fixpoint zsum (l : list Z) : Z := match l with [] => 0 | a :: r => a + zsum r end.

(* The sum of f k over k < m. *)
Definition bigsum (m : nat) (f : nat -> Z) : Z := zsum (map f (seq 0 m)).

(* A staircase: the base and the jumps j of those (t, j) whose threshold t is reached by y. *)
Definition stair (base : Z) (jumps : list (Z * Z)) (y : Z) : Z :=
  base + zsum (map (fun j => snd j * Z.b2z (fst j <=? y)) jumps).

(* What a staircase never falls below: all jumps down and none up. *)
Definition lowest (base : Z) (jumps : list (Z * Z)) : Z :=
  base + zsum (map (fun j => Z.min 0 (snd j)) jumps).

(* The number of lo .. hi that is nearest to q. *)
Definition clip (lo hi q : Z) : Z := Z.max lo (Z.min hi q).

(* The integer whose bits in two's complement are x o, ..., x (o + p - 1), the lowest first. *)
Definition twos (p : nat) (x : nat -> bool) (o : nat) : Z :=
  bigsum p (fun b =>
    (if (S b =? p)%nat then - 2 ^ Z.of_nat b else 2 ^ Z.of_nat b) * Z.b2z (x (o + b)%nat)).

(* The natural number that has these bits. *)
Definition unsigned (p : nat) (x : nat -> bool) (o : nat) : Z :=
  bigsum p (fun b => 2 ^ Z.of_nat b * Z.b2z (x (o + b)%nat)).

(* ---- facts ---- *)

(* Sums of equal terms are equal. *)
Lemma bigsum_ext m f g : (forall k, (k < m)%nat -> f k = g k) -> bigsum m f = bigsum m g.
Proof.
  intro H. unfold bigsum. f_equal. apply map_ext_in.
  intros k K. apply in_seq in K. apply H. lia.
Qed.

(* A constant factor may be taken out of a sum. *)
Lemma bigsum_mul m c f : bigsum m (fun k => c * f k) = c * bigsum m f.
Proof. unfold bigsum. induction (seq 0 m); simpl; [ring | rewrite IHl; ring]. Qed.

(* If no term is below b >= 0, neither is a sum of at least one. *)
Lemma bigsum_ge m f b : (1 <= m)%nat -> 0 <= b -> (forall k, b <= f k) -> b <= bigsum m f.
Proof.
  intros M B H. destruct m; [lia |]. unfold bigsum. simpl.
  pose proof (H 0%nat).
  enough (0 <= zsum (map f (seq 1 m))) by lia.
  generalize 1%nat as s. clear - B H.
  induction m; intro s; simpl; [lia |]. pose proof (H s).
  specialize (IHm (S s)). lia.
Qed.

(* No step of a staircase is below `lowest`. *)
Lemma stair_lowest base js y : lowest base js <= stair base js y.
Proof.
  unfold lowest, stair. apply Z.add_le_mono_l.
  induction js as [| [t j] js IH]; simpl; [lia |].
  destruct (t <=? y); simpl; lia.
Qed.

(* A clipped number counts the levels above lo that are reached. *)
Lemma count_levels lo q m :
  lo + zsum (map (fun k => Z.b2z (lo + 1 + Z.of_nat k <=? q)) (seq 0 m)) =
    clip lo (lo + Z.of_nat m) q.
Proof.
  unfold clip. induction m as [| m IH]; [simpl; lia |].
  rewrite seq_S, map_app. simpl.
  assert (E : forall l r, zsum (l ++ r) = zsum l + zsum r)
    by (induction l; intros; simpl; rewrite ?IHl; lia).
  rewrite E. simpl.
  destruct (Z.leb_spec (lo + 1 + Z.of_nat m) q); simpl; lia.
Qed.

(* A quotient reaches a level if no more than a multiple of the denominator is needed. *)
Lemma quotient_level num den t : 0 < den -> (0 <=? num - t * den) = (t <=? num / den).
Proof.
  intro D. apply eq_true_iff_eq. rewrite !Z.leb_le.
  split; intro H.
  - apply Z.div_le_lower_bound; lia.
  - pose proof (Z.mul_div_le num den D). nia.
Qed.
