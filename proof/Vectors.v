(* Tensors of one axis, and what operations make of them: linear maps with chosen weights, affine
   maps, sums, products and staircases. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions Vocabulary Words Generic Rounding Values.
Import ListNotations.
Open Scope Z_scope.

(* The tensor t has m elements, which are X i. *)
Definition vector (t : tensor) (m : nat) (X : nat -> Z) : Prop :=
  fst t = [m] /\ forall i, (i < m)%nat -> snd t [i] = X i.

(* Its elements in order. *)
Lemma vector_elements t m X : vector t m X -> elements t = map X (seq 0 m).
Proof.
  intros [S H]. unfold elements. rewrite S, box1, map_map.
  apply map_ext_in. intros i I. apply in_seq in I. apply H. lia.
Qed.

(* Equal elements. *)
Lemma vector_ext t m X Y : vector t m X -> (forall i, (i < m)%nat -> X i = Y i) -> vector t m Y.
Proof. intros [S H] E. split; auto. intros. now rewrite H, E. Qed.

(* An input of m integers of p bits, whose first bit is o. *)
Lemma input_vector m p n o x :
  vector (sem0 (integers [m] p) n o x) (peval m n) (decode_from o p x).
Proof.
  split; [reflexivity |]. intros k K. unfold sem0, wire.
  cbn [integers in_shape in_base in_bits in_place snd]. unfold dims. cbn [map].
  rewrite table_eq, inb1, Z.add_0_l by auto. unfold decode_from, twos, bigsum.
  f_equal. apply map_ext. intro b. cbn [ravel].
  now replace (o + ((0 * peval m n + k) * p + b))%nat with (o + k * p + b)%nat by lia.
Qed.

(* A weighted sum. *)
Lemma sum_vector n E m m' w c a X : vector (nth a E tnone) (peval m n) X ->
  vector (sem1 n E (OSum [m'] [m] w c [IV 1] a)) (peval m' n)
    (fun o => cval c n [o] + bigsum (peval m n) (fun k => cval w n [o; k] * X k)).
Proof.
  intros [_ H]. split; [reflexivity |]. intros o O.
  rewrite sum_sem by now apply inb1. unfold dims. cbn [map]. rewrite zsum_box1.
  f_equal. apply bigsum_ext. intros k K. cbn [imap map ieval nth app]. now rewrite H.
Qed.

(* A linear map with chosen weights. *)
Lemma weighted_vector n E m m' W c a X : vector (nth a E tnone) (peval m n) X ->
  vector (sem1 n E (weighted [m'] m 0 W c a)) (peval m' n)
    (fun o => cval c n [o] + bigsum (peval m n) (fun k => W [o; k] * X k)).
Proof. exact (sum_vector n E m m' (chosen W [IV 0; IV 1]) c a X). Qed.

(* A linear map whose weights are listed. *)
Lemma linear_vector n E m m' W b a X : vector (nth a E tnone) (peval m n) X ->
  vector (sem1 n E (linear [m'] m 0 W b a)) (peval m' n)
    (fun o => nth o b 0 + bigsum (peval m n) (fun k => nth k (nth o W []) 0 * X k)).
Proof.
  intro H. eapply vector_ext; [exact (sum_vector n E m m' _ (ints b 0) a X H) |].
  intros o O. cbn beta. f_equal. destruct b; [now destruct o | reflexivity].
Qed.

(* An affine map. *)
Lemma affine_vector n E m k c a X : vector (nth a E tnone) (peval m n) X ->
  vector (sem1 n E (affine [m] k c a)) (peval m n) (fun i => c + k * X i).
Proof.
  intros [_ H]. split; [reflexivity |]. intros i I. unfold affine.
  rewrite one_sem by now apply inb1. cbn [imap map ieval nth length seq]. now rewrite H.
Qed.

(* A sum. *)
Lemma add_vector n E m a b X Y : vector (nth a E tnone) m X -> vector (nth b E tnone) m Y ->
  vector (sem1 n E (OAdd a b)) m (fun i => X i + Y i).
Proof.
  intros [S H] [_ G]. split; [exact S |]. intros i I.
  cbn [sem1 snd]. rewrite S, table_eq, inb1 by auto. now rewrite H, G.
Qed.

(* A product. *)
Lemma times_vector n E m a b X Y :
  vector (nth a E tnone) (peval m n) X -> vector (nth b E tnone) (peval m n) Y ->
  vector (sem1 n E (OCon [m] [] [IV 0] [IV 0] a b)) (peval m n) (fun i => X i * Y i).
Proof.
  intros [_ H] [_ G]. split; [reflexivity |]. intros i I.
  rewrite product_element by now apply inb1. cbn [imap map ieval nth]. now rewrite H, G.
Qed.

(* A staircase. *)
Lemma step_vector n E m base js a X : vector (nth a E tnone) m X ->
  vector (sem1 n E (OStep base js a)) m (fun i => stair base (jumpsat js n [i]) (X i)).
Proof.
  intros [S H]. split; [exact S |]. intros i I.
  cbn [sem1 snd]. rewrite S, table_eq, inb1 by auto. now rewrite H.
Qed.

(* One that rounds. *)
Lemma rounded_vector n E m unit lo levels a X : 0 < unit -> vector (nth a E tnone) m X ->
  vector (sem1 n E (OStep lo (rounded unit lo levels) a)) m
    (fun i => round_to unit lo levels (X i)).
Proof.
  intros U H. eapply vector_ext; [exact (step_vector n E m lo _ a X H) |].
  intros i I. cbn beta. rewrite <- stair_round by auto. f_equal.
  unfold jumpsat, rounded, round_jumps. now rewrite map_map.
Qed.

(* One whose jumps are constants. *)
Lemma step_constant_vector n E m base js a X : vector (nth a E tnone) m X ->
  vector (sem1 n E (step base js a)) m (fun i => stair base js (X i)).
Proof.
  intros [S H]. split; [exact S |]. intros i I.
  rewrite step_sem by (rewrite S; now apply inb1). now rewrite H.
Qed.

(* One whose jumps are chosen. *)
Lemma jumps_vector n E m base at_ by_ k a X : vector (nth a E tnone) m X ->
  vector (sem1 n E (OStep base (jumps at_ by_ k) a)) m
    (fun i => stair base (map (fun k => (at_ k, by_ k)) (seq 0 k)) (X i)).
Proof.
  intro H. eapply vector_ext; [exact (step_vector n E m base _ a X H) |].
  intros i I. cbn beta. f_equal. unfold jumpsat, jumps. now rewrite map_map.
Qed.
