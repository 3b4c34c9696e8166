(* One state of a selective state-space model: the operations, which look back as far as decays are
   not 0 or to the first position, compute a sum over all earlier positions. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions SequenceDefinitions Vocabulary Words Generic Rounding SumParts.
From TC0 Require Import Values StateSpace.
Import ListNotations.
Open Scope Z_scope.

(* ---- the operations of one state ---- *)

(* A state: how many lags it looks back, or 0 if it looks back to the first position, and its decay,
   a staircase of a sum of steps. *)
Record state := mkState { lags : nat; decay_base : Z; decay_jumps : list (Z * Z) }.

(* Kernels that sum over the last 0, 1, ..., m - 1 positions, for each of d features. *)
Definition spans (d m : nat) : list (list Z) :=
  map (fun o => repeat 1 (o mod m)%nat) (seq 0 (d * m)).

(* The operations of state k, from number a on. Steps, what goes in, and all columns of B and C are
   the values v + 2 to v + 5. In comments t is a position, f a feature, m a lag. *)
Definition part_sums (d v m k a : nat) : list op :=
  [ (* a, a + 1: column k of B: t, and what goes into the state: tf *)
    gather [pn] [IV 0; IC k] (v + 4);
    OCon [pn; [d]] [] [IV 0; IV 1] [IV 0] (v + 3) a;
    (* a + 2, a + 3: steps for every lag: tfm, and side by side *)
    gather [pn; [d]; [m]] [IV 0; IV 1] (v + 2);
    gather [pn; [d * m]%nat] [IV 0; IDiv (IV 1) m; IMod (IV 1) m] (a + 2) ] ++
  (* a + 4, a + 5: sums of the last m steps *)
  convolution (d * m) (taps (spans d m) 0 2 1) (a + 3) (a + 4).
Definition part_scan (d v m k : nat) (s : state) (a : nat) : list op :=
  [ (* a + 6, a + 7: the same as tfm, and as tmf *)
    gather [pn; [d]; [m]] [IV 0; IAdd (IMul m (IV 1)) (IV 2)] (a + 5);
    gather [pn; [m]; [d]] [IV 0; IV 2; IV 1] (a + 6);
    (* a + 8: what went in m positions before: tmf; a + 9: column k of C: t *)
    gather [pn; [m]; [d]] [ISub (IV 0) (IV 1); IV 2] (a + 1);
    gather [pn] [IV 0; IC k] (v + 5);
    (* a + 10, a + 11: their product, and that where there is such a position: tmf *)
    OCon [pn; [m]; [d]] [] [IV 0; IV 1; IV 2] [IV 0] (a + 8) (a + 9);
    causal [pn; [m]; [d]] 0 1 0 (a + 10);
    (* a + 12, a + 13: the decays, and those where there is such a position: tmf *)
    step (decay_base s) (decay_jumps s) (a + 7);
    causal [pn; [m]; [d]] 0 1 0 (a + 12);
    (* a + 14: what comes out of the state: tf *)
    OCon [pn; [d]] [[m]] [IV 0; IV 2; IV 1] [IV 0; IV 2; IV 1] (a + 13) (a + 11) ].
Definition part_lags (d v k : nat) (s : state) (a : nat) : list op :=
  part_sums d v (lags s) k a ++ part_scan d v (lags s) k s a.

(* The same if it looks back to the first position. In comments s is a position before t. *)
Definition part_all (d v k : nat) (s : state) (a : nat) : list op :=
  [ (* a, a + 1: column k of B: t, and what goes into the state: tf *)
    gather [pn] [IV 0; IC k] (v + 4);
    OCon [pn; [d]] [] [IV 0; IV 1] [IV 0] (v + 3) a;
    (* a + 2, a + 3: the same as sf, and as sft *)
    gather [pn; [d]] [IV 0; IV 1] (a + 1);
    gather [pn; [d]; pn] [IV 0; IV 1] (a + 2);
    (* a + 4, a + 5: sums of the steps after s and up to t, and what went in: tsf *)
    window [pn; pn; [d]] pn 3 (v + 2);
    gather [pn; pn; [d]] [IV 1; IV 2; IV 0] (a + 3);
    (* a + 6: column k of C: t; a + 7, a + 8: the product, and that up to t: tsf *)
    gather [pn] [IV 0; IC k] (v + 5);
    OCon [pn; pn; [d]] [] [IV 0; IV 1; IV 2] [IV 0] (a + 5) (a + 6);
    causal [pn; pn; [d]] 0 1 0 (a + 7);
    (* a + 9, a + 10: the decays, and those up to t: tsf *)
    step (decay_base s) (decay_jumps s) (a + 4);
    causal [pn; pn; [d]] 0 1 0 (a + 9);
    (* a + 11: what comes out of the state: tf *)
    OCon [pn; [d]] [pn] [IV 0; IV 2; IV 1] [IV 0; IV 2; IV 1] (a + 10) (a + 8) ].

(* Either, and how many operations that is. *)
Definition part (d v k : nat) (s : state) (a : nat) : list op :=
  match lags s with O => part_all d v k s a | S _ => part_lags d v k s a end.
Definition part_size (s : state) : nat := match lags s with O => 12 | S _ => 15 end.
Lemma part_length d v k s a : length (part d v k s a) = part_size s.
Proof. unfold part, part_size. now destruct (lags s). Qed.

(* ---- what they mean ---- *)

(* The sum of D after position s and up to t. *)
Definition span (D : nat -> nat -> Z) (s t f : nat) : Z :=
  bigsum (t - s) (fun r => D (s + S r)%nat f).

(* A kernel of spans sums up. *)
Lemma spans_sum d m D t f k : (f < d)%nat -> (k < m)%nat -> (k <= t)%nat ->
  convolve (kernel_of (spans d m)) (fun s o => D s (o / m)%nat) t (m * f + k) = span D (t - k) t f.
Proof.
  intros F K T. unfold convolve, span.
  assert (Q : ((m * f + k) / m)%nat = f)
    by (rewrite Nat.mul_comm, Nat.div_add_l, Nat.div_small; lia).
  assert (R : ((m * f + k) mod m)%nat = k)
    by (rewrite Nat.add_comm, Nat.mul_comm, Nat.mod_add, Nat.mod_small; lia).
  replace (t - (t - k))%nat with k by lia.
  rewrite <- (bigsum_window (S t) k t (fun s => D s f)) by lia.
  apply bigsum_ext. intros s L. rewrite Q. unfold kernel_of, spans.
  rewrite (nth_indep _ [] (repeat 1 (0 mod m)%nat)) by (rewrite map_length, seq_length; nia).
  rewrite (map_nth (fun o => repeat 1 (o mod m)%nat)), seq_nth by nia.
  rewrite Nat.add_0_l, R, (proj2 (Nat.leb_le s t)) by lia. cbn [andb].
  destruct (Nat.ltb_spec (t - s) k) as [C | C].
  - rewrite (nth_indep _ 0 1) by now rewrite repeat_length. rewrite nth_repeat. lia.
  - rewrite nth_overflow by (rewrite repeat_length; lia). lia.
Qed.

(* An element where there is a position that many before. *)
Lemma past_element n E m d a t k f : (t < n)%nat -> (k < peval m n)%nat -> (f < d)%nat ->
  snd (sem1 n E (causal [pn; m; [d]] 0 1 0 a)) [t; k; f] =
    if (k <=? t)%nat then snd (nth a E tnone) [t; k; f] else 0.
Proof.
  intros T K F. unfold causal. rewrite sum_sem by inside. unfold dims. cbn [map].
  rewrite zsum_box0. cbn [app nth cval map imap ieval length seq].
  destruct (k <=? t)%nat; lia.
Qed.

(* What comes out of a state as far as it looks back, of what goes in. *)
Lemma part_lags_rows n E d v k s a K D P B C :
  values n E a (part_lags d v k s a) -> (k < K)%nat ->
  holds (nth (v + 2) E tnone) n d D -> holds (nth (v + 3) E tnone) n d P ->
  holds (nth (v + 4) E tnone) n K B -> holds (nth (v + 5) E tnone) n K C ->
  holds (nth (a + 14) E tnone) n d (fun t f => bigsum (lags s) (fun m =>
    if (m <=? t)%nat then
      stair (decay_base s) (decay_jumps s) (span D (t - m) t f) *
        (P (t - m)%nat f * B (t - m)%nat k * C t k)
    else 0)).
Proof.
  unfold part_lags. set (m := lags s). intros V Kk [_ HD] [_ HP] [_ HB] [_ HC].
  apply values_app in V. destruct V as [V V'].
  apply values_app in V. destruct V as [V Vc].
  cbn [length app part_sums] in *.
  fold (convolution (d * m) (taps (spans d m) 0 2 1) (a + 3) (a + 4)) in *.
  assert (N : forall j, (a + 6 + j = a + (6 + j))%nat) by (intro; lia).
  change (length (convolution (d * m) (taps (spans d m) 0 2 1) (a + 3) (a + 4))) with 2%nat in V'.
  pose proof (V 0%nat _ eq_refl) as V0. pose proof (V 1%nat _ eq_refl) as V1.
  pose proof (V 2%nat _ eq_refl) as V2. pose proof (V 3%nat _ eq_refl) as V3.
  pose proof (V' 0%nat _ eq_refl) as V6. pose proof (V' 1%nat _ eq_refl) as V7.
  pose proof (V' 2%nat _ eq_refl) as V8. pose proof (V' 3%nat _ eq_refl) as V9.
  pose proof (V' 4%nat _ eq_refl) as V10. pose proof (V' 5%nat _ eq_refl) as V11.
  pose proof (V' 6%nat _ eq_refl) as V12. pose proof (V' 7%nat _ eq_refl) as V13.
  pose proof (V' 8%nat _ eq_refl) as V14.
  rewrite Nat.add_0_r in V0. rewrite N in V6, V7, V8, V9, V10, V11, V12, V13, V14.
  cbn [Nat.add] in V6, V7, V8, V9, V10, V11, V12, V13, V14.
  (* What goes into the state. *)
  assert (W1 : forall t f, (t < n)%nat -> (f < d)%nat ->
    snd (nth (a + 1) E tnone) [t; f] = P t f * B t k).
  { intros t f T F. rewrite V1. multiply. rewrite HP, V0 by auto. follow. now rewrite HB. }
  (* Sums of steps. *)
  assert (W5 : holds (nth (a + 5) E tnone) n (d * m)
    (convolve (kernel_of (spans d m)) (fun t o => D t (o / m)%nat))).
  { replace (a + 5)%nat with (S (a + 4)) by lia.
    refine (convolution_rows _ _ _ _ _ _ _ _ (taps_kernel n _) Vc _).
    split; [rewrite V3; cbn [sem1 fst gather]; now lengths |]. intros t o T O.
    assert (M : (m <> 0)%nat) by (intros ->; lia).
    assert (o / m < d)%nat by (apply Nat.div_lt_upper_bound; lia).
    assert (o mod m < m)%nat by (now apply Nat.mod_upper_bound).
    rewrite V3. follow. rewrite V2. follow. now apply HD. }
  assert (W7 : fst (nth (a + 7) E tnone) = [n; m; d] /\ forall t j f,
    (t < n)%nat -> (j < m)%nat -> (f < d)%nat -> (j <= t)%nat ->
    snd (nth (a + 7) E tnone) [t; j; f] = span D (t - j) t f).
  { split; [rewrite V7; cbn [sem1 fst gather]; now lengths |]. intros t j f T J F L.
    rewrite V7. follow. rewrite V6. follow. destruct W5 as [_ W5].
    rewrite W5 by (auto; nia). now apply spans_sum. }
  destruct W7 as [S7 W7].
  split; [rewrite V14; cbn [sem1 fst]; now lengths |]. intros t f T F.
  rewrite V14. cbn [sem1 snd]. rewrite table_eq. lengths. rewrite inb2, zsum_box1 by auto.
  apply bigsum_ext. intros j J. cbn [nth imap map ieval app].
  rewrite V13, V11, !past_element by (rewrite ?length_c; auto).
  destruct (Nat.leb_spec j t) as [L | L]; [| lia].
  rewrite V12, step_sem by (rewrite S7; now apply inb3).
  rewrite W7 by auto. f_equal. rewrite V10. multiply. rewrite V8. follow.
  rewrite W1, V9 by lia. follow. rewrite HC by auto. ring.
Qed.

(* What comes out of state k, as far as it looks back. *)
Definition comes_out (D P B C : nat -> nat -> Z) (k : nat) (s : state) (t f : nat) : Z :=
  bigsum (lags s) (fun m =>
    if (m <=? t)%nat then
      stair (decay_base s) (decay_jumps s) (span D (t - m) t f) *
        (P (t - m)%nat f * B (t - m)%nat k * C t k)
    else 0).

(* Whether a state has forgotten what is farther back than it looks, if no step is below least. *)
Definition forgets (least : Z) (s : state) : bool :=
  (lags s =? 0)%nat ||
  (decay_base s + zsum (map snd (decay_jumps s)) =? 0) &&
  forallb (fun j => fst j <=? Z.of_nat (lags s) * least) (decay_jumps s).

(* A staircase ends with all its jumps. *)
Lemma stair_top base js w : forallb (fun j => fst j <=? w) js = true ->
  stair base js w = base + zsum (map snd js).
Proof.
  intro H. unfold stair. f_equal. f_equal. apply map_ext_in. intros j J.
  rewrite forallb_forall in H. rewrite (H j J). apply Z.mul_1_r.
Qed.

(* A sum of steps is not less than as many of the least. *)
Lemma span_least D least s t f : (forall t f, least <= D t f) ->
  Z.of_nat (t - s) * least <= span D s t f.
Proof.
  intro H. unfold span. generalize (t - s)%nat as m. induction m; [easy |].
  rewrite bigsum_S. specialize (H (s + S m)%nat f). lia.
Qed.

(* What comes out of state k, of all that went in. *)
Definition kept (D P B C : nat -> nat -> Z) (k : nat) (s : state) (t f : nat) : Z :=
  bigsum (S t) (fun i =>
    stair (decay_base s) (decay_jumps s) (span D i t f) * (P i f * B i k * C t k)).

(* If it forgets, that is what comes out as far as it looks back. *)
Lemma comes_out_all D P B C k s t f least : 0 <= least -> (forall t f, least <= D t f) ->
  lags s <> 0%nat -> forgets least s = true ->
  comes_out D P B C k s t f = kept D P B C k s t f.
Proof.
  intros L H N F. unfold forgets in F. apply Nat.eqb_neq in N. rewrite N in F.
  cbn [orb] in F. apply andb_prop in F. destruct F as [Z0 J].
  apply Z.eqb_eq in Z0. rewrite forallb_forall in J.
  unfold comes_out, kept. rewrite bigsum_lags with (f := fun m =>
    stair (decay_base s) (decay_jumps s) (span D (t - m) t f) *
      (P (t - m)%nat f * B (t - m)%nat k * C t k)).
  - apply bigsum_ext. intros i I. now replace (t - (t - i))%nat with i by lia.
  - intros m M. rewrite stair_top, Z0; [lia |]. apply forallb_forall. intros j Jn.
    specialize (J j Jn). rewrite Z.leb_le in *.
    pose proof (span_least D least (t - m) t f H) as S.
    replace (t - (t - m))%nat with m in S by lia. nia.
Qed.

(* What comes out of a state that looks back to the first position. *)
Lemma part_all_rows n E d v k s a K D P B C :
  values n E a (part_all d v k s a) -> (k < K)%nat ->
  holds (nth (v + 2) E tnone) n d D -> holds (nth (v + 3) E tnone) n d P ->
  holds (nth (v + 4) E tnone) n K B -> holds (nth (v + 5) E tnone) n K C ->
  holds (nth (a + 11) E tnone) n d (kept D P B C k s).
Proof.
  intros V Kk [_ HD] [_ HP] [_ HB] [_ HC].
  pose proof (V 0%nat _ eq_refl) as V0. rewrite Nat.add_0_r in V0.
  pose proof (V 1%nat _ eq_refl) as V1. pose proof (V 2%nat _ eq_refl) as V2.
  pose proof (V 3%nat _ eq_refl) as V3. pose proof (V 4%nat _ eq_refl) as V4.
  pose proof (V 5%nat _ eq_refl) as V5. pose proof (V 6%nat _ eq_refl) as V6.
  pose proof (V 7%nat _ eq_refl) as V7. pose proof (V 8%nat _ eq_refl) as V8.
  pose proof (V 9%nat _ eq_refl) as V9. pose proof (V 10%nat _ eq_refl) as V10.
  pose proof (V 11%nat _ eq_refl) as V11. clear V.
  (* Sums of steps. *)
  assert (W4 : fst (nth (a + 4) E tnone) = [n; n; d] /\ forall t i f,
    (t < n)%nat -> (i < n)%nat -> (f < d)%nat -> (i <= t)%nat ->
    snd (nth (a + 4) E tnone) [t; i; f] = span D i t f).
  { rewrite V4. split; [cbn [sem1 fst window]; now lengths |]. intros t i f T I F L.
    unfold window. rewrite sum_sem by inside. lengths. rewrite zsum_box1.
    cbn [cval]. rewrite Z.add_0_l. unfold span.
    replace (bigsum (t - i) (fun r => D (i + S r)%nat f)) with
      (bigsum (t - i) (fun r => D (t - (t - i) + S r)%nat f))
      by (apply bigsum_ext; intros; f_equal; lia).
    rewrite <- (bigsum_window n (t - i) t (fun s => D s f)) by lia.
    apply bigsum_ext. intros r R. cbn [nth app imap map ieval seq Nat.sub]. rewrite HD by auto.
    destruct (Nat.ltb_spec i r), (Nat.leb_spec r t), (Nat.ltb_spec (t - r) (t - i));
      cbn [andb]; lia. }
  destruct W4 as [S4 W4].
  split; [rewrite V11; cbn [sem1 fst]; now lengths |]. intros t f T F.
  rewrite V11. cbn [sem1 snd]. rewrite table_eq. lengths. rewrite inb2, zsum_box1 by auto.
  unfold kept. rewrite (bigsum_less (S t) n); [| lia |].
  - apply bigsum_ext. intros i J. cbn [nth imap map ieval app].
    rewrite V10, V8, !past_element by (rewrite ?length_n; lia).
    rewrite (proj2 (Nat.leb_le i t)) by lia.
    rewrite V9, step_sem by (rewrite S4; apply inb3; lia).
    rewrite W4 by lia. f_equal. rewrite V7. multiply. rewrite V5. follow.
    rewrite V3. follow. rewrite V2. follow. rewrite V1. multiply.
    rewrite HP, V0, V6 by lia. follow. follow. rewrite HB, HC by lia. ring.
  - intros i J. cbn [nth imap map ieval app].
    rewrite V10, !past_element by (rewrite ?length_n; lia).
    now rewrite (proj2 (Nat.leb_gt i t)) by lia.
Qed.

(* What comes out of a state, if no step is below 0 and it forgets what is farther back than it
   looks. *)
Lemma part_rows n E d v k s a K D P B C least :
  0 <= least -> (forall t f, least <= D t f) -> forgets least s = true ->
  values n E a (part d v k s a) -> (k < K)%nat ->
  holds (nth (v + 2) E tnone) n d D -> holds (nth (v + 3) E tnone) n d P ->
  holds (nth (v + 4) E tnone) n K B -> holds (nth (v + 5) E tnone) n K C ->
  holds (nth (a + part_size s - 1) E tnone) n d (kept D P B C k s).
Proof.
  intros L H F V Kk HD HP HB HC. unfold part, part_size in *. destruct (lags s) eqn:G.
  - replace (a + 12 - 1)%nat with (a + 11)%nat by lia. eapply part_all_rows; eauto.
  - replace (a + 15 - 1)%nat with (a + 14)%nat by lia.
    eapply holds_ext; [exact (part_lags_rows n E d v k s a K D P B C V Kk HD HP HB HC) |].
    intros t f T Ff. apply (comes_out_all D P B C k s t f least); auto. now rewrite G.
Qed.

(* Its operations read what was there before. *)
Lemma part_ordered d v k s a : (v + 6 <= a)%nat -> ordered a (part d v k s a).
Proof.
  intro A. unfold part. destruct (lags s).
  - unfold part_all. in_order.
  - unfold part_lags, part_sums, part_scan, convolution. cbn [app]. in_order.
Qed.
