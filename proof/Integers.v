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

(* The greatest f k over k < m, for m >= 1. *)
Definition greatest (m : nat) (f : nat -> Z) : Z := fold_right Z.max (f 0%nat) (map f (seq 0 m)).

(* The first k < m at which f is the greatest. *)
Definition leftmost (m : nat) (f : nat -> Z) : nat :=
  hd 0%nat (filter (fun k => f k =? greatest m f) (seq 0 m)).

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

(* The last term of a sum. *)
Lemma bigsum_S m f : bigsum (S m) f = bigsum m f + f m.
Proof.
  unfold bigsum. rewrite seq_S, map_app. simpl.
  induction (map f (seq 0 m)); simpl; lia.
Qed.

(* A sum of terms that are not negative is not less than any of them. *)
Lemma bigsum_some m f q b :
  (q < m)%nat -> (forall k, (k < m)%nat -> 0 <= f k) -> b <= f q -> b <= bigsum m f.
Proof.
  intros Q F B.
  assert (N : forall m', (m' <= m)%nat -> 0 <= bigsum m' f).
  { induction m'; intro M; [unfold bigsum; simpl; lia |].
    rewrite bigsum_S. specialize (F m'). lia. }
  induction m as [| m IH]; [lia |]. rewrite bigsum_S.
  destruct (Nat.eq_dec q m) as [-> | E]; [specialize (N m); lia |].
  pose proof (F m). enough (b <= bigsum m f) by lia.
  apply IH; auto with arith; lia.
Qed.

(* A sum of which only the term q is not 0. *)
Lemma bigsum_pick m f q :
  (q < m)%nat -> (forall k, (k < m)%nat -> k <> q -> f k = 0) -> bigsum m f = f q.
Proof.
  intros Q F.
  assert (N : forall m', (m' <= q)%nat -> bigsum m' f = 0).
  { induction m'; intro M; [reflexivity |]. rewrite bigsum_S, F; lia. }
  induction m as [| m IH]; [lia |]. rewrite bigsum_S.
  destruct (Nat.eq_dec q m) as [-> | E]; [rewrite N by lia; lia |].
  rewrite IH by (auto with arith; lia). rewrite (F m); lia.
Qed.

(* The greatest number is reached, and not passed. *)
Lemma greatest_ok m f : (1 <= m)%nat ->
  (exists k, (k < m)%nat /\ greatest m f = f k) /\ forall k, (k < m)%nat -> f k <= greatest m f.
Proof.
  intro M. unfold greatest.
  assert (G : forall l, (exists k, (k = 0%nat \/ In k l) /\
      fold_right Z.max (f 0%nat) (map f l) = f k) /\
    forall k, In k l -> f k <= fold_right Z.max (f 0%nat) (map f l)).
  { induction l as [| a l [(k & K & E) IH]]; simpl.
    - split; [exists 0%nat; auto | easy].
    - split.
      + destruct (Z.max_spec (f a) (fold_right Z.max (f 0%nat) (map f l))) as [[_ X] | [_ X]];
          rewrite X; [exists k; tauto | exists a; auto].
      + intros j [-> | J]; [lia | specialize (IH j J); lia]. }
  destruct (G (seq 0 m)) as [(k & K & E) B]. split.
  - exists k. split; auto. destruct K as [-> | K]; [lia | apply in_seq in K; lia].
  - intros j J. apply B, in_seq. lia.
Qed.

(* A number that is reached and not passed is the greatest. *)
Lemma greatest_eq m f k :
  (k < m)%nat -> (forall j, (j < m)%nat -> f j <= f k) -> greatest m f = f k.
Proof.
  intros K H. destruct (greatest_ok m f) as [(j & J & E) B]; [lia |].
  specialize (B k K). specialize (H j J). lia.
Qed.

(* The leftmost of the greatest is one of them, and those before it are less. *)
Lemma leftmost_ok m f : (1 <= m)%nat -> let q := leftmost m f in
  (q < m)%nat /\ f q = greatest m f /\ forall k, (k < q)%nat -> f k < greatest m f.
Proof.
  intros M q. destruct (greatest_ok m f M) as [(k & K & E) B].
  assert (G : forall P c s, (exists j, In j (seq s c) /\ P j = true) ->
    let h := hd 0%nat (filter P (seq s c)) in
    In h (seq s c) /\ P h = true /\ forall j, (s <= j < h)%nat -> P j = false).
  { intro P. induction c; intros s (j & J & T); [easy |]. cbn [seq filter].
    destruct (P s) eqn:S; cbn [hd].
    - split; [now left | split; [auto | lia]].
    - destruct (IHc (Datatypes.S s)) as (X & Y & W).
      { exists j. split; auto. destruct J as [-> | J]; [congruence | auto]. }
      split; [now right | split; [auto |]]. intros i I.
      destruct (Nat.eq_dec i s) as [-> | D]; [auto | apply W; lia]. }
  destruct (G (fun k => f k =? greatest m f) m 0%nat) as (X & Y & W).
  { exists k. split; [apply in_seq; lia | apply Z.eqb_eq; auto]. }
  fold (leftmost m f) in X, Y, W. fold q in X, Y, W.
  apply in_seq in X. apply Z.eqb_eq in Y.
  split; [lia | split; [auto |]]. intros j J.
  specialize (W j ltac:(lia)). apply Z.eqb_neq in W. specialize (B j ltac:(lia)). lia.
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
