(* Attention with rotary positions, without a mask and with a causal one: the programs, which
   compute attend_rotary and attend_rotary_causal of RotaryDefinitions.v, whatever the rotations
   are. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions RotaryDefinitions Vocabulary Words SumParts Values Blocks.
From TC0 Require Import Attention CausalAttention.
Import ListNotations.
Open Scope Z_scope.

(* Sums over two indices in the other order. *)
Lemma bigsum_swap m k (f : nat -> nat -> Z) :
  bigsum m (fun a => bigsum k (fun b => f a b)) = bigsum k (fun b => bigsum m (fun a => f a b)).
Proof.
  induction m as [| m IH]; [symmetry; now apply bigsum_zero |].
  rewrite bigsum_S, IH, <- bigsum_add. apply bigsum_ext. intros b _. now rewrite bigsum_S.
Qed.

(* A factor of all terms of a sum, on the right. *)
Lemma bigsum_mul_r m c f : bigsum m f * c = bigsum m (fun k => f k * c).
Proof. rewrite Z.mul_comm, <- bigsum_mul. apply bigsum_ext. intros. lia. Qed.

Section Rotary.
  Variables (d H e p : nat).
  Variables (WQ WK WV : list (list Z)).
  Variables CQ CK' : idx -> Z.
  Variables (base : Z) (jumps : list (Z * Z)) (unit lo : Z) (levels : nat).

  (* A linear map by heads, turned. *)
  Definition turn (C : idx -> Z) (W : list (list Z)) : op :=
    turned [pn; [H]; [e]] [[e]] [d] (chosen C [IV 0; IV 2; IV 3]) (IAdd (IMul e (IV 1)) (IV 3)) W
      [IV 0; IV 3] 0.

  (* The operations up to the scores, 12, and the values, 13. *)
  Definition rotary_front : list op :=
    [ linear [pn; [d]] [d] 1 WQ [] 0;
      gather [pn; [H]; [e]] [IV 0; IAdd (IMul e (IV 1)) (IV 2)] 1;
      linear [pn; [d]] [d] 1 WK [] 0;
      gather [pn; [H]; [e]] [IV 0; IAdd (IMul e (IV 1)) (IV 2)] 3;
      (* 5, 6: values, and by heads: jhk *)
      linear [pn; [d]] [d] 1 WV [] 0;
      gather [pn; [H]; [e]] [IV 0; IAdd (IMul e (IV 1)) (IV 2)] 5;
      (* 7 to 11: turned queries and keys *)
      turn CQ WQ;
      gather [pn; [H]; [e]] [IV 0; IV 1; IV 2] 7;
      turn CK' WK;
      gather [pn; [H]; [e]] [IV 0; IV 1; IV 2] 9;
      gather [pn; [H]; [e]] [IV 0; IV 1; IV 2] 10;
      (* 12: scores: hij *)
      OCon [[H]; pn; pn] [[e]] [IV 1; IV 0; IV 3] [IV 2; IV 0; IV 3] 8 11;
      (* 13: values again *)
      gather [pn; [H]; [e]] [IV 0; IV 1; IV 2] 6 ].

  (* All operations: those after the scores are the ones of attention, four places later. *)
  Definition rotary_attention : list op :=
    rotary_front ++ map (shift 4) (step base jumps 8 :: back d H e unit lo levels 10).
  Definition rotary_causal : list op :=
    rotary_front ++ map (shift 4)
      (step base jumps 8 :: causal [[H]; pn; pn] 1 2 0 10 :: back d H e unit lo levels 11).

  Hypothesis heads : d = (H * e)%nat.
  Hypothesis width : (1 <= e)%nat.
  Hypothesis positive : 1 <= lowest base jumps.
  Hypothesis unit_positive : 1 <= unit.

  Local Notation rotation C := (fun i k q => C [i; k; q]).

  (* A turned linear map. *)
  Lemma turn_meaning C W n E x i h k : holds (nth 0 E tnone) n d x ->
    (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
    snd (sem1 n E (turn C W)) [i; h; k] = rotated d e x (rotation C) W h i k.
  Proof.
    intros [_ HX] I Hh K. unfold turn, turned. rewrite sum_sem by inside. lengths.
    rewrite zsum_box1. cbn [cval app length firstn nth imap map ieval]. rewrite Z.add_0_l.
    unfold rotated, project.
    rewrite (bigsum_ext _ _ (fun c => bigsum e (fun q => C [i; k; q] *
      (nth c (nth (e * h + q) W []) 0 * x i c)))).
    - rewrite bigsum_swap. apply bigsum_ext. intros q _. now rewrite bigsum_mul.
    - intros c L. rewrite HX by auto. unfold dims. cbn [map]. rewrite length_c, zsum_box1.
      rewrite bigsum_mul_r. apply bigsum_ext. intros q _.
      cbn [cval chosen app imap map ieval nth]. lia.
  Qed.

  (* A score of turned queries and keys. *)
  Local Notation turned_score x h i j := (bigsum e (fun k =>
    rotated d e x (rotation CQ) WQ h i k * rotated d e x (rotation CK') WK h j k)).

  (* The scores and the values, behind four others. *)
  Lemma rotary_front_meaning n t x : holds t n d x -> exists pre E,
    sems n rotary_front [t] = pre ++ E /\ length pre = 4%nat /\ length E = 10%nat /\
    fst (nth 8 E tnone) = [H; n; n] /\
    (forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
      snd (nth 8 E tnone) [h; i; j] = turned_score x h i j) /\
    (forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd (nth 9 E tnone) [i; h; k] = project d x WV i (e * h + k)).
  Proof.
    intro HX.
    assert (V : values n (sems n rotary_front [t]) 1 rotary_front)
      by (apply (sems_values n rotary_front [t]); unfold rotary_front; in_order).
    assert (H0 : holds (nth 0 (sems n rotary_front [t]) tnone) n d x)
      by (rewrite sems_old by (cbn; lia); exact HX).
    pose proof (sems_length n rotary_front [t]) as L. cbn [length rotary_front Nat.add] in L.
    set (E := sems n rotary_front [t]) in *. clearbody E. clear HX t.
    assert (B : forall h k, (h < H)%nat -> (k < e)%nat -> (e * h + k < d)%nat) by (intros; nia).
    assert (V5 := V 4%nat _ eq_refl : nth 5 E tnone = _).
    assert (V6 := V 5%nat _ eq_refl : nth 6 E tnone = _).
    assert (V7 := V 6%nat _ eq_refl : nth 7 E tnone = _).
    assert (V8 := V 7%nat _ eq_refl : nth 8 E tnone = _).
    assert (V9 := V 8%nat _ eq_refl : nth 9 E tnone = _).
    assert (V10 := V 9%nat _ eq_refl : nth 10 E tnone = _).
    assert (V11 := V 10%nat _ eq_refl : nth 11 E tnone = _).
    assert (V12 := V 11%nat _ eq_refl : nth 12 E tnone = _).
    assert (V13 := V 12%nat _ eq_refl : nth 13 E tnone = _). clear V.
    assert (S12 : fst (nth 12 E tnone) = [H; n; n])
      by (rewrite V12; cbn [sem1 fst]; now lengths).
    assert (H12 : forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
      snd (nth 12 E tnone) [h; i; j] = bigsum e (fun k =>
        rotated d e x (rotation CQ) WQ h i k * rotated d e x (rotation CK') WK h j k)).
    { intros h i j Hh I J. rewrite V12. unfold sem1. lengths. cbn [snd].
      rewrite table_eq, inb3, zsum_box1 by auto. apply bigsum_ext. intros k K.
      cbn [nth imap map ieval app]. rewrite V8, V11. do 2 follow. rewrite V10. follow.
      rewrite V7, V9. now rewrite !(turn_meaning _ _ n E x). }
    assert (H13 : forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd (nth 13 E tnone) [i; h; k] = project d x WV i (e * h + k)).
    { intros i h k I Hh K. rewrite V13. follow. rewrite V6. follow. rewrite V5.
      apply (proj2 (linear_holds n E d d WV 0 x H0)); auto. }
    clear V5 V6 V7 V8 V9 V10 V11 V12 V13.
    exists (firstn 4 E), (skipn 4 E). rewrite firstn_skipn, firstn_length, skipn_length, L.
    do 14 (destruct E as [| ? E]; [discriminate L |]).
    repeat split; auto.
  Qed.

  (* The weight of a pair of positions. *)
  Lemma rotary_step n x E h i j : length E = 10%nat -> fst (nth 8 E tnone) = [H; n; n] ->
    (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
    snd (nth 8 E tnone) [h; i; j] = turned_score x h i j ->
    snd (sem1 n E (step base jumps 8)) [h; i; j] =
      rotary_weight d e WQ WK (rotation CQ) (rotation CK') base jumps x h i j.
  Proof.
    intros L S Hh I J V. unfold rotary_weight. rewrite <- V.
    apply step_sem. rewrite S. now apply inb3.
  Qed.

  (* The operations mean attention with rotary positions. *)
  Theorem rotary_computes n x : computes rotary_attention n d d x
    (attend_rotary d e WQ WK WV (rotation CQ) (rotation CK') base jumps unit lo levels n x).
  Proof.
    intros t HX. destruct (rotary_front_meaning n t x HX) as (pre & E & F & P & L & S & HS & HV).
    unfold rotary_attention. rewrite sems_app, F.
    pose proof (sems_shift n pre) as Q. rewrite P in Q. rewrite Q. clear Q.
    rewrite app_length, map_length. cbn [length rotary_front back Nat.add].
    rewrite app_nth2, P by lia. cbn [Nat.sub].
    next w.
    assert (W : forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat -> snd w [h; i; j] =
      rotary_weight d e WQ WK (rotation CQ) (rotation CK') base jumps x h i j)
      by (intros; apply rotary_step; auto).
    clearbody w.
    apply (back_meaning d H e WV unit lo levels heads width unit_positive n x _ 10
      (rotary_weight d e WQ WK (rotation CQ) (rotation CK') base jumps x)); auto.
    - rewrite app_length, L. reflexivity.
    - rewrite <- L, nth_middle. exact W.
    - rewrite app_nth1 by lia. exact HV.
    - intros h i Hh I. apply bigsum_ge; [lia | lia |]. intro j.
      etransitivity; [exact positive | apply stair_lowest].
  Qed.

  (* With a causal mask. *)
  Theorem rotary_causal_computes n x : computes rotary_causal n d d x
    (attend_rotary_causal d e WQ WK WV (rotation CQ) (rotation CK') base jumps unit lo levels n x).
  Proof.
    intros t HX. destruct (rotary_front_meaning n t x HX) as (pre & E & F & P & L & S & HS & HV).
    unfold rotary_causal. rewrite sems_app, F.
    pose proof (sems_shift n pre) as Q. rewrite P in Q. rewrite Q. clear Q.
    rewrite app_length, map_length. cbn [length rotary_front back Nat.add].
    rewrite app_nth2, P by lia. cbn [Nat.sub].
    next w.
    assert (W : forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat -> snd w [h; i; j] =
      rotary_weight d e WQ WK (rotation CQ) (rotation CK') base jumps x h i j)
      by (intros; apply rotary_step; auto).
    clearbody w. after m.
    assert (M : forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat -> snd m [h; i; j] =
      causal_rotary_weight d e WQ WK (rotation CQ) (rotation CK') base jumps x h i j).
    { intros h i j Hh I J. unfold causal_rotary_weight. rewrite <- W by auto. subst m.
      rewrite causal_sem by auto. now rewrite <- L, nth_middle. }
    clearbody m.
    apply (back_meaning d H e WV unit lo levels heads width unit_positive n x _ 11
      (causal_rotary_weight d e WQ WK (rotation CQ) (rotation CK') base jumps x)); auto; try lia.
    - rewrite app_length, L. reflexivity.
    - replace 11%nat with (length E + 1)%nat by lia. rewrite app_nth2_plus. exact M.
    - rewrite app_nth1 by lia. exact HV.
    - assert (G : forall h i j, 1 <=
        rotary_weight d e WQ WK (rotation CQ) (rotation CK') base jumps x h i j)
        by (intros; etransitivity; [exact positive | apply stair_lowest]).
      intros h i Hh I. apply bigsum_some with (q := i); auto; unfold causal_rotary_weight.
      + intros j J. specialize (G h i j). destruct (j <=? i)%nat; lia.
      + rewrite Nat.leb_refl. apply G.
  Qed.

  (* So do the programs. *)
  Theorem rotary_causal_meaning n x : meaning (block_of d p rotary_causal) n x =
    flat_map (fun i => map (fun f => attend_rotary_causal d e WQ WK WV (rotation CQ) (rotation CK')
      base jumps unit lo levels n (decode d p x) i f) (seq 0 d)) (seq 0 n).
  Proof. apply computes_meaning, rotary_causal_computes. Qed.
  Theorem rotary_meaning n x : meaning (block_of d p rotary_attention) n x =
    flat_map (fun i => map (fun f =>
      attend_rotary d e WQ WK WV (rotation CQ) (rotation CK') base jumps unit lo levels n
        (decode d p x) i f) (seq 0 d)) (seq 0 n).
  Proof. apply computes_meaning, rotary_computes. Qed.
End Rotary.
Print Assumptions rotary_meaning.
Print Assumptions rotary_causal_meaning.
