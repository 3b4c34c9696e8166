(* Selective state-space models: the program, which looks back as far as decays are not 0, computes
   the sums over all earlier positions that SequenceDefinitions.v has. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions SequenceDefinitions Vocabulary Generic Rounding SumParts Values.
From TC0 Require Import StateSpace.
Import ListNotations.
Open Scope Z_scope.

(* ---- the operations of one state ---- *)

(* A state: how many lags it looks back, and its decay, a staircase of a sum of steps. *)
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
Definition part (d v k : nat) (s : state) (a : nat) : list op :=
  part_sums d v (lags s) k a ++ part_scan d v (lags s) k s a.

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
Lemma past_element n E m d a t k f : (t < n)%nat -> (k < m)%nat -> (f < d)%nat ->
  snd (sem1 n E (causal [pn; [m]; [d]] 0 1 0 a)) [t; k; f] =
    if (k <=? t)%nat then snd (nth a E tnone) [t; k; f] else 0.
Proof.
  intros T K F. unfold causal. rewrite sum_sem by inside. unfold dims. cbn [map].
  rewrite zsum_box0. cbn [app nth cval map imap ieval length seq].
  destruct (k <=? t)%nat; lia.
Qed.

(* What comes out of a state, of what goes in. *)
Lemma part_rows n E d v k s a K D P B C :
  values n E a (part d v k s a) -> (k < K)%nat ->
  rows (nth (v + 2) E tnone) n d D -> rows (nth (v + 3) E tnone) n d P ->
  rows (nth (v + 4) E tnone) n K B -> rows (nth (v + 5) E tnone) n K C ->
  rows (nth (a + 14) E tnone) n d (fun t f => bigsum (lags s) (fun m =>
    if (m <=? t)%nat then
      stair (decay_base s) (decay_jumps s) (span D (t - m) t f) *
        (P (t - m)%nat f * B (t - m)%nat k * C t k)
    else 0)).
Proof.
  unfold part. set (m := lags s). intros V Kk [_ HD] [_ HP] [_ HB] [_ HC].
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
  assert (W5 : rows (nth (a + 5) E tnone) n (d * m)
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
  rewrite V13, V11, !past_element by auto. destruct (Nat.leb_spec j t) as [L | L]; [| lia].
  rewrite V12, step_element by (rewrite S7; now apply inb3).
  rewrite W7 by auto. f_equal. rewrite V10. multiply. rewrite V8. follow.
  rewrite W1, V9 by lia. follow. rewrite HC by auto. ring.
Qed.

(* ---- all states ---- *)

(* The operations of states from the k-th on, after value prev, which is what came out of those
   before. *)
Fixpoint later (d v k prev : nat) (ss : list state) : list op :=
  match ss with
  | [] => []
  | s :: r =>
    part d v k s (S prev) ++ [OAdd prev (prev + 15)] ++ later d v (S k) (prev + 16) r
  end.

(* What comes out of state k, as far as it looks back. *)
Definition comes_out (D P B C : nat -> nat -> Z) (k : nat) (s : state) (t f : nat) : Z :=
  bigsum (lags s) (fun m =>
    if (m <=? t)%nat then
      stair (decay_base s) (decay_jumps s) (span D (t - m) t f) *
        (P (t - m)%nat f * B (t - m)%nat k * C t k)
    else 0).

(* What the operations of the states from the k-th on mean. *)
Lemma later_rows n E d v K D P B C :
  rows (nth (v + 2) E tnone) n d D -> rows (nth (v + 3) E tnone) n d P ->
  rows (nth (v + 4) E tnone) n K B -> rows (nth (v + 5) E tnone) n K C ->
  forall ss k prev Y, values n E (S prev) (later d v k prev ss) -> (k + length ss <= K)%nat ->
  rows (nth prev E tnone) n d Y ->
  rows (nth (prev + 16 * length ss) E tnone) n d (fun t f =>
    Y t f + bigsum (length ss) (fun j =>
      comes_out D P B C (k + j) (nth j ss (mkState 0 0 [])) t f)).
Proof.
  intros HD HP HB HC. induction ss as [| s r IH]; intros k prev Y V L HY.
  - cbn [length]. rewrite Nat.mul_0_r, Nat.add_0_r. eapply rows_ext; [exact HY |].
    intros. cbn beta. change (bigsum 0 _) with 0. lia.
  - cbn [later] in V. apply values_app in V. destruct V as [V V'].
    change (length (part d v k s (S prev))) with 15%nat in V'.
    apply values_app in V'. destruct V' as [VA V'].
    cbn [length] in V', L |- *.
    pose proof (part_rows n E d v k s _ K D P B C V ltac:(lia) HD HP HB HC) as H.
    pose proof (VA 0%nat _ eq_refl) as A.
    replace (S prev + 15 + 0)%nat with (prev + 16)%nat in A by lia.
    replace (S prev + 14)%nat with (prev + 15)%nat in H by lia.
    replace (S prev + 15 + 1)%nat with (S (prev + 16)) in V' by lia.
    pose proof (add_rows n E d _ _ _ _ HY H) as HA. rewrite <- A in HA.
    specialize (IH (S k) _ _ V' ltac:(lia) HA).
    replace (prev + 16 * S (length r))%nat with (prev + 16 + 16 * length r)%nat by lia.
    eapply rows_ext; [exact IH |]. intros t f T F. cbn beta.
    change (S (length r)) with (1 + length r)%nat. rewrite bigsum_split.
    change (bigsum 1 ?g) with (g 0%nat + 0). cbn [nth]. rewrite Nat.add_0_r, Z.add_0_r.
    rewrite (bigsum_ext (length r) (fun j => comes_out D P B C (k + (1 + j)) _ t f)
      (fun j => comes_out D P B C (S k + j) (nth j r (mkState 0 0 [])) t f));
      [unfold comes_out at 2; lia |].
    intros j J. f_equal. lia.
Qed.

(* There are 16 operations for each. *)
Lemma later_length d v ss : forall k prev,
  length (later d v k prev ss) = (16 * length ss)%nat.
Proof.
  induction ss; intros k prev; [reflexivity |]. cbn [later].
  rewrite !app_length, IHss. cbn [length]. change (length (part _ _ _ _ _)) with 15%nat. lia.
Qed.

(* The operations of the mixing of value v, which has d features: steps, what goes in, the columns
   of B and C, the states, the input itself, and rounding. *)
Definition mixing (d v : nat) (WD WB WC : list (list Z)) (base : Z) (jumps : list (Z * Z))
    (s : state) (ss : list state) (skip : list Z) (unit lo : Z) (levels : nat) : list op :=
  let K := S (length ss) in
  let b := (v + 20 + 16 * length ss)%nat in
  [ linear [pn; [d]] [d] 1 WD [] v;
    step base jumps (v + 1);
    OCon [pn; [d]] [] [IV 0; IV 1] [IV 0; IV 1] (v + 2) v;
    linear [pn; [K]] [d] 1 WB [] v;
    linear [pn; [K]] [d] 1 WC [] v ] ++
  part d v 0 s (v + 6) ++ later d v 1 (v + 20) ss ++
  [ OSum [pn; [d]] [] (entry [d] skip [IV 1]) (CK 0) [IV 0; IV 1] v;
    OAdd b (b + 1);
    step lo (round_jumps unit lo levels) (b + 2) ].

(* The number of the value that it makes, and how many operations there are up to that. *)
Definition mixed (v : nat) (s : state) (ss : list state) : nat := (v + 23 + 16 * length ss)%nat.
Lemma mixing_length d v WD WB WC base jumps s ss skip unit lo levels :
  length (mixing d v WD WB WC base jumps s ss skip unit lo levels) = (mixed v s ss - v)%nat.
Proof.
  unfold mixing, mixed. rewrite !app_length, later_length.
  change (length (part d v 0 s (v + 6))) with 15%nat. cbn [length]. lia.
Qed.

(* Whether a state has forgotten what is farther back than it looks, if no step is below least. *)
Definition forgets (least : Z) (s : state) : bool :=
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

(* A state that forgets reads all earlier positions. *)
Lemma comes_out_all D P B C k s t f least : 0 <= least -> (forall t f, least <= D t f) ->
  forgets least s = true ->
  comes_out D P B C k s t f = bigsum (S t) (fun i =>
    stair (decay_base s) (decay_jumps s) (span D i t f) * (P i f * B i k * C t k)).
Proof.
  intros L H F. unfold forgets in F. apply andb_prop in F. destruct F as [Z0 J].
  apply Z.eqb_eq in Z0. rewrite forallb_forall in J.
  unfold comes_out. rewrite bigsum_lags with (f := fun m =>
    stair (decay_base s) (decay_jumps s) (span D (t - m) t f) *
      (P (t - m)%nat f * B (t - m)%nat k * C t k)).
  - apply bigsum_ext. intros i I. now replace (t - (t - i))%nat with i by lia.
  - intros m M. rewrite stair_top, Z0; [lia |]. apply forallb_forall. intros j Jn.
    specialize (J j Jn). rewrite Z.leb_le in *.
    pose proof (span_least D least (t - m) t f H) as S.
    replace (t - (t - m))%nat with m in S by lia. nia.
Qed.

(* The mixing means the selective model of value v. *)
Lemma mixing_rows n E d v WD WB WC base jumps s ss skip unit lo levels X :
  0 < unit -> 0 <= lowest base jumps -> forallb (forgets (lowest base jumps)) (s :: ss) = true ->
  values n E (v + 1) (mixing d v WD WB WC base jumps s ss skip unit lo levels) ->
  rows (nth v E tnone) n d X ->
  rows (nth (mixed v s ss) E tnone) n d
    (selective d WD WB WC base jumps
      (map (fun s => (decay_base s, decay_jumps s)) (s :: ss)) skip unit lo levels X).
Proof.
  intros U L F V HX. unfold mixing in V.
  set (K := S (length ss)) in *. set (b := (v + 20 + 16 * length ss)%nat) in *.
  apply values_app in V. destruct V as [V V'].
  apply values_app in V'. destruct V' as [Vp V'].
  apply values_app in V'. destruct V' as [Vl Vt].
  change (length (part d v 0 s (v + 6))) with 15%nat in *. cbn [length] in Vp, Vl, Vt.
  pose proof (V 0%nat _ eq_refl) as V1. pose proof (V 1%nat _ eq_refl) as V2.
  pose proof (V 2%nat _ eq_refl) as V3. pose proof (V 3%nat _ eq_refl) as V4.
  pose proof (V 4%nat _ eq_refl) as V5.
  rewrite <- Nat.add_assoc in V1, V2, V3, V4, V5. cbn [Nat.add] in V1, V2, V3, V4, V5.
  rewrite later_length in Vt.
  replace (v + 1 + 5)%nat with (v + 6)%nat in Vp by lia.
  replace (v + 1 + 5 + 15)%nat with (S (v + 20)) in Vl by lia.
  replace (v + 1 + 5 + 15 + 16 * length ss)%nat with (b + 1)%nat in Vt by (unfold b; lia).
  pose proof (Vt 0%nat _ eq_refl) as T0. pose proof (Vt 1%nat _ eq_refl) as T1.
  pose proof (Vt 2%nat _ eq_refl) as T2.
  rewrite <- Nat.add_assoc in T0, T1, T2. cbn [Nat.add] in T0, T1, T2.
  set (D := delta d WD base jumps X).
  assert (HD : rows (nth (v + 2) E tnone) n d D).
  { rewrite V2. apply step_rows. rewrite V1. now apply linear_rows. }
  assert (HP : rows (nth (v + 3) E tnone) n d (fun t f => D t f * X t f))
    by (rewrite V3; now apply times_rows).
  assert (HB : rows (nth (v + 4) E tnone) n K (project d X WB))
    by (rewrite V4; now apply linear_rows).
  assert (HC : rows (nth (v + 5) E tnone) n K (project d X WC))
    by (rewrite V5; now apply linear_rows).
  pose proof (part_rows n E d v 0 s _ K _ _ _ _ Vp ltac:(unfold K; lia) HD HP HB HC) as H0.
  replace (v + 6 + 14)%nat with (v + 20)%nat in H0 by lia.
  pose proof (later_rows n E d v K _ _ _ _ HD HP HB HC ss 1 _ _ Vl ltac:(unfold K; lia) H0) as H.
  fold b in H. clear H0 Vl Vp V V1 V2 V3 V4 V5 HD HP HB HC.
  assert (HS : rows (nth (b + 1) E tnone) n d (fun t f => nth f skip 0 * X t f)).
  { rewrite T0. split; [cbn [sem1 fst]; now lengths |]. intros t f T Ff. destruct HX as [_ HX].
    rewrite sum_sem by inside. unfold dims. cbn [map]. rewrite zsum_box0. cbn [app].
    cbn [entry cval imap map ieval nth ravel]. rewrite HX by auto. simpl (0 * d + f)%nat. lia. }
  assert (HA := add_rows n E d _ _ _ _ H HS). rewrite <- T1 in HA.
  apply (step_rows n E d lo (round_jumps unit lo levels)) in HA. rewrite <- T2 in HA.
  replace (mixed v s ss) with (b + 3)%nat by (unfold mixed, b; lia).
  eapply rows_ext; [exact HA |]. intros t f T Ff. cbn beta.
  rewrite stair_round by auto. unfold selective. f_equal. f_equal.
  set (ds := map _ (s :: ss)).
  assert (R : forall k, (k < K)%nat ->
    comes_out D (fun t f => D t f * X t f) (project d X WB) (project d X WC) k
      (nth k (s :: ss) (mkState 0 0 [])) t f = read d WD WB WC base jumps ds X k t f).
  { intros k Kk. rewrite (comes_out_all _ _ _ _ _ _ _ _ (lowest base jumps)); auto.
    - apply bigsum_ext. intros i I. unfold read, decay, ds.
      change (0, @nil (Z * Z)) with
        ((fun s => (decay_base s, decay_jumps s)) (mkState 0 0 [])).
      rewrite map_nth. reflexivity.
    - intros. apply stair_lowest.
    - rewrite forallb_forall in F. apply F, nth_In. exact Kk. }
  unfold ds at 1. rewrite map_length. cbn [length].
  change (S (length ss)) with (1 + length ss)%nat. rewrite bigsum_split.
  change (bigsum 1 ?g) with (g 0%nat + 0). rewrite Z.add_0_r. cbn beta. f_equal.
  - apply (R 0%nat). unfold K. lia.
  - apply bigsum_ext. intros j J. apply (R (1 + j)%nat). unfold K. lia.
Qed.

(* ---- the program ---- *)

(* The mixing of an input of p bits for each of d features. *)
Definition selective_block (d p : nat) WD WB WC base jumps s ss skip unit lo levels : prog :=
  mkProg [integers [pn; [d]] p] (mixing d 0 WD WB WC base jumps s ss skip unit lo levels)
    [mixed 0 s ss].

(* Its operations read what was there before. *)
Lemma part_ordered d v k s a : (v + 6 <= a)%nat -> ordered a (part d v k s a).
Proof.
  intro A. unfold part, part_sums, part_scan, convolution. cbn [app]. in_order.
Qed.

(* So do those of the states after it. *)
Lemma later_ordered d v ss : forall k prev, (v + 6 <= S prev)%nat ->
  ordered (S prev) (later d v k prev ss).
Proof.
  induction ss as [| s r IH]; intros k prev A; cbn [later]; [exact I |].
  apply ordered_app; [now apply part_ordered |].
  change (length (part d v k s (S prev))) with 15%nat.
  apply ordered_app; [in_order |]. cbn [length].
  replace (S prev + 15 + 1)%nat with (S (prev + 16)) by lia. apply IH. lia.
Qed.

(* And all of the mixing. *)
Lemma mixing_ordered d v WD WB WC base jumps s ss skip unit lo levels :
  ordered (v + 1) (mixing d v WD WB WC base jumps s ss skip unit lo levels).
Proof.
  unfold mixing. apply ordered_app; [in_order |]. cbn [length].
  replace (v + 1 + 5)%nat with (v + 6)%nat by lia.
  apply ordered_app; [apply part_ordered; lia |].
  change (length (part d v 0 s (v + 6))) with 15%nat.
  replace (v + 6 + 15)%nat with (S (v + 20)) by lia.
  apply ordered_app; [apply later_ordered; lia |].
  rewrite later_length. in_order.
Qed.

(* The mixing means the selective model of its input, if no step is below 0 and all states forget
   what is farther back than they look. *)
Theorem selective_meaning d p WD WB WC base jumps s ss skip unit lo levels n x :
  0 < unit -> 0 <= lowest base jumps -> forallb (forgets (lowest base jumps)) (s :: ss) = true ->
  meaning (selective_block d p WD WB WC base jumps s ss skip unit lo levels) n x =
    flat_map (fun t => map (fun f =>
      selective d WD WB WC base jumps (map (fun s => (decay_base s, decay_jumps s)) (s :: ss))
        skip unit lo levels (decode d p x) t f) (seq 0 d)) (seq 0 n).
Proof.
  intros U L F. unfold meaning. cbn [p_outs p_ops p_ins selective_block flat_map sems0].
  rewrite app_nil_r. set (t0 := sem0 _ n 0 x). set (ops := mixing _ _ _ _ _ _ _ _ _ _ _ _ _).
  assert (V : values n (sems n ops [t0]) 1 ops)
    by exact (sems_values n ops [t0]
      (mixing_ordered d 0 WD WB WC base jumps s ss skip unit lo levels)).
  set (E := sems n ops [t0]) in *.
  assert (H0 : rows (nth 0 E tnone) n d (decode d p x)).
  { unfold E. rewrite sems_stay by (simpl; lia). apply input_rows. }
  clearbody E. apply rows_elements.
  exact (mixing_rows n E d 0 WD WB WC base jumps s ss skip unit lo levels _ U L F V H0).
Qed.
Print Assumptions selective_meaning.

(* Certifies a concrete program whose operations are those of the mixing. *)
Ltac certify_selective certificate d p WD WB WC base jumps s ss skip unit lo levels :=
  certify_meaning certificate
    (selective_block d p WD WB WC base jumps s ss skip unit lo levels)
    (selective_meaning d p WD WB WC base jumps s ss skip unit lo levels).
