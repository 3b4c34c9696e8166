(* Attention with rotary positions, without a mask and with a causal one: the programs, which
   compute attend_rotary and attend_rotary_causal of RotaryDefinitions.v, whatever the rotations
   are. A head of keys and values may serve several heads of queries. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions RotaryDefinitions Vocabulary Words SumParts Values Blocks.
From TC0 Require Import Attention CausalAttention AttentionForms.
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

  (* A linear map by m heads, turned. *)
  Definition turn (m : nat) (C : idx -> Z) (W : list (list Z)) : op :=
    turned [pn; [m]; [e]] [[e]] [d] (chosen C [IV 0; IV 2; IV 3]) (IAdd (IMul e (IV 1)) (IV 3)) W
      [IV 0; IV 3] 0.

  (* The operations up to the scores, 12, and the values, 13. There are G heads of keys and values,
     of which the expression says which one a head has. *)
  Definition rotary_front_of (rows G : nat) (of_head : ix) : list op :=
    [ linear [pn; [d]] [d] 1 WQ [] 0;
      gather [pn; [H]; [e]] [IV 0; IAdd (IMul e (IV 1)) (IV 2)] 1;
      linear [pn; [rows]] [d] 1 WK [] 0;
      gather [pn; [G]; [e]] [IV 0; IAdd (IMul e (IV 1)) (IV 2)] 3;
      (* 5, 6: values, and by heads: jhk *)
      linear [pn; [rows]] [d] 1 WV [] 0;
      gather [pn; [G]; [e]] [IV 0; IAdd (IMul e (IV 1)) (IV 2)] 5;
      (* 7 to 11: turned queries and keys *)
      turn H CQ WQ;
      gather [pn; [H]; [e]] [IV 0; IV 1; IV 2] 7;
      turn G CK' WK;
      gather [pn; [G]; [e]] [IV 0; IV 1; IV 2] 9;
      gather [pn; [H]; [e]] [IV 0; of_head; IV 2] 10;
      (* 12: scores: hij *)
      OCon [[H]; pn; pn] [[e]] [IV 1; IV 0; IV 3] [IV 2; IV 0; IV 3] 8 11;
      (* 13: values again *)
      gather [pn; [H]; [e]] [IV 0; of_head; IV 2] 6 ].

  (* All operations: those after the scores are the ones of attention, four places later. *)
  Definition rotary_of (F : list op) : list op :=
    F ++ map (shift 4) (step base jumps 8 :: back d H e unit lo levels 10).
  Definition rotary_causal_of (F : list op) : list op :=
    F ++ map (shift 4)
      (step base jumps 8 :: causal [[H]; pn; pn] 1 2 0 10 :: back d H e unit lo levels 11).

  (* Where each head has its own keys and values. *)
  Definition rotary_attention : list op := rotary_of (rotary_front_of d H (IV 1)).
  Definition rotary_causal : list op := rotary_causal_of (rotary_front_of d H (IV 1)).

  Hypothesis heads : d = (H * e)%nat.
  Hypothesis width : (1 <= e)%nat.
  Hypothesis positive : 1 <= lowest base jumps.
  Hypothesis unit_positive : 1 <= unit.

  Local Notation rotation C := (fun i k q => C [i; k; q]).

  (* A turned linear map. *)
  Lemma turn_meaning m C W n E x i h k : holds (nth 0 E tnone) n d x ->
    (i < n)%nat -> (h < m)%nat -> (k < e)%nat ->
    snd (sem1 n E (turn m C W)) [i; h; k] = rotated d e x (rotation C) W h i k.
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
  Local Notation turned_score keys x h i j := (bigsum e (fun k =>
    rotated d e x (rotation CQ) WQ h i k * rotated d e x (rotation CK') keys h j k)).

  (* The operations F mean the scores and the values of some matrices of keys and values, behind
     four others. *)
  Definition rotary_fronts (F : list op) (keys vals : list (list Z)) (n : nat)
      (x : nat -> nat -> Z) : Prop :=
    length F = 13%nat /\ forall t, holds t n d x -> exists pre E,
    sems n F [t] = pre ++ E /\ length pre = 4%nat /\ length E = 10%nat /\
    fst (nth 8 E tnone) = [H; n; n] /\
    (forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
      snd (nth 8 E tnone) [h; i; j] = turned_score keys x h i j) /\
    (forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd (nth 9 E tnone) [i; h; k] = project d x vals i (e * h + k)).

  (* Those above do, if the matrices have for each head the rows of its head of keys and values. *)
  Lemma rotary_front_meaning rows G of_head (group : nat -> nat) keys vals n x :
    rows = (G * e)%nat ->
    (forall i h k, ieval [i; h; k] of_head = group h) ->
    (forall h, (h < H)%nat -> (group h < G)%nat) ->
    (forall i h k, (h < H)%nat -> (k < e)%nat ->
      project d x WK i (e * group h + k) = project d x keys i (e * h + k) /\
      project d x WV i (e * group h + k) = project d x vals i (e * h + k)) ->
    rotary_fronts (rotary_front_of rows G of_head) keys vals n x.
  Proof.
    intros R EH GH KV. split; [reflexivity |]. intros t HX.
    set (rotary_front := rotary_front_of rows G of_head).
    assert (V : values n (sems n rotary_front [t]) 1 rotary_front)
      by (apply (sems_values n rotary_front [t]); unfold rotary_front, rotary_front_of; in_order).
    assert (H0 : holds (nth 0 (sems n rotary_front [t]) tnone) n d x)
      by (rewrite sems_old by (cbn; lia); exact HX).
    pose proof (sems_length n rotary_front [t]) as L.
    change (length rotary_front) with 13%nat in L. cbn [length Nat.add] in L.
    set (E := sems n rotary_front [t]) in *. clearbody E. clear HX t.
    assert (B : forall h k, (h < G)%nat -> (k < e)%nat -> (e * h + k < rows)%nat) by (intros; nia).
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
        rotated d e x (rotation CQ) WQ h i k * rotated d e x (rotation CK') keys h j k)).
    { intros h i j Hh I J. rewrite V12. unfold sem1. lengths. cbn [snd].
      rewrite table_eq, inb3, zsum_box1 by auto. apply bigsum_ext. intros k K.
      cbn [nth imap map ieval app]. rewrite V8, V11. do 2 follow.
      assert (Gh := GH h Hh). rewrite EH, V10. follow.
      rewrite V7, V9. rewrite (turn_meaning H CQ WQ n E x), (turn_meaning G CK' WK n E x) by auto.
      f_equal. unfold rotated. apply bigsum_ext. intros q Q. now rewrite (proj1 (KV j h q Hh Q)). }
    assert (H13 : forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd (nth 13 E tnone) [i; h; k] = project d x vals i (e * h + k)).
    { intros i h k I Hh K. assert (Gh := GH h Hh). rewrite V13. follow.
      rewrite EH, V6. follow. rewrite V5, <- (proj2 (KV i h k Hh K)).
      apply (proj2 (linear_holds n E d rows WV 0 x H0)); auto. }
    clear V5 V6 V7 V8 V9 V10 V11 V12 V13.
    exists (firstn 4 E), (skipn 4 E). rewrite firstn_skipn, firstn_length, skipn_length, L.
    do 14 (destruct E as [| ? E]; [discriminate L |]).
    repeat split; auto.
  Qed.

  (* The weight of a pair of positions. *)
  Lemma rotary_step keys n x E h i j : length E = 10%nat -> fst (nth 8 E tnone) = [H; n; n] ->
    (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
    snd (nth 8 E tnone) [h; i; j] = turned_score keys x h i j ->
    snd (sem1 n E (step base jumps 8)) [h; i; j] =
      rotary_weight d e WQ keys (rotation CQ) (rotation CK') base jumps x h i j.
  Proof.
    intros L S Hh I J V. unfold rotary_weight. rewrite <- V.
    apply step_sem. rewrite S. now apply inb3.
  Qed.

  (* The operations mean attention with rotary positions. *)
  Theorem rotary_of_computes F keys vals n x : rotary_fronts F keys vals n x ->
    computes (rotary_of F) n d d x
    (attend_rotary d e WQ keys vals (rotation CQ) (rotation CK') base jumps unit lo levels n x).
  Proof.
    intros [LF HF] t HX. destruct (HF t HX) as (pre & E & Q0 & P & L & S & HS & HV).
    unfold rotary_of. rewrite sems_app, Q0.
    pose proof (sems_shift n pre) as Q. rewrite P in Q. rewrite Q. clear Q.
    rewrite app_length, map_length, LF. cbn [length back Nat.add].
    rewrite app_nth2, P by lia. cbn [Nat.sub].
    next w.
    assert (W : forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat -> snd w [h; i; j] =
      rotary_weight d e WQ keys (rotation CQ) (rotation CK') base jumps x h i j)
      by (intros; apply rotary_step; auto).
    clearbody w.
    apply (back_meaning d H e vals unit lo levels heads width unit_positive n x _ 10
      (rotary_weight d e WQ keys (rotation CQ) (rotation CK') base jumps x)); auto.
    - rewrite app_length, L. reflexivity.
    - rewrite <- L, nth_middle. exact W.
    - rewrite app_nth1 by lia. exact HV.
    - intros h i Hh I. apply bigsum_ge; [lia | lia |]. intro j.
      etransitivity; [exact positive | apply stair_lowest].
  Qed.

  (* With a causal mask. *)
  Theorem rotary_causal_of_computes F keys vals n x : rotary_fronts F keys vals n x ->
    computes (rotary_causal_of F) n d d x
    (attend_rotary_causal d e WQ keys vals (rotation CQ) (rotation CK') base jumps unit lo levels n
      x).
  Proof.
    intros [LF HF] t HX. destruct (HF t HX) as (pre & E & Q0 & P & L & S & HS & HV).
    unfold rotary_causal_of. rewrite sems_app, Q0.
    pose proof (sems_shift n pre) as Q. rewrite P in Q. rewrite Q. clear Q.
    rewrite app_length, map_length, LF. cbn [length back Nat.add].
    rewrite app_nth2, P by lia. cbn [Nat.sub].
    next w.
    assert (W : forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat -> snd w [h; i; j] =
      rotary_weight d e WQ keys (rotation CQ) (rotation CK') base jumps x h i j)
      by (intros; apply rotary_step; auto).
    clearbody w. after m.
    assert (M : forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat -> snd m [h; i; j] =
      causal_rotary_weight d e WQ keys (rotation CQ) (rotation CK') base jumps x h i j).
    { intros h i j Hh I J. unfold causal_rotary_weight. rewrite <- W by auto. subst m.
      rewrite causal_sem by auto. now rewrite <- L, nth_middle. }
    clearbody m.
    apply (back_meaning d H e vals unit lo levels heads width unit_positive n x _ 11
      (causal_rotary_weight d e WQ keys (rotation CQ) (rotation CK') base jumps x)); auto; try lia.
    - rewrite app_length, L. reflexivity.
    - replace 11%nat with (length E + 1)%nat by lia. rewrite app_nth2_plus. exact M.
    - rewrite app_nth1 by lia. exact HV.
    - assert (G : forall h i j, 1 <=
        rotary_weight d e WQ keys (rotation CQ) (rotation CK') base jumps x h i j)
        by (intros; etransitivity; [exact positive | apply stair_lowest]).
      intros h i Hh I. apply bigsum_some with (q := i); auto; unfold causal_rotary_weight.
      + intros j J. specialize (G h i j). destruct (j <=? i)%nat; lia.
      + rewrite Nat.leb_refl. apply G.
  Qed.

  (* Each head has its own keys and values. *)
  Lemma rotary_own n x : rotary_fronts (rotary_front_of d H (IV 1)) WK WV n x.
  Proof. apply rotary_front_meaning with (group := fun h => h); auto. Qed.

  (* So do the programs. *)
  Theorem rotary_causal_meaning n x : meaning (block_of d p rotary_causal) n x =
    flat_map (fun i => map (fun f => attend_rotary_causal d e WQ WK WV (rotation CQ) (rotation CK')
      base jumps unit lo levels n (decode d p x) i f) (seq 0 d)) (seq 0 n).
  Proof. apply computes_meaning, rotary_causal_of_computes, rotary_own. Qed.
  Theorem rotary_meaning n x : meaning (block_of d p rotary_attention) n x =
    flat_map (fun i => map (fun f =>
      attend_rotary d e WQ WK WV (rotation CQ) (rotation CK') base jumps unit lo levels n
        (decode d p x) i f) (seq 0 d)) (seq 0 n).
  Proof. apply computes_meaning, rotary_of_computes, rotary_own. Qed.
End Rotary.
Print Assumptions rotary_meaning.
Print Assumptions rotary_causal_meaning.

(* ---- fewer heads of keys and values ---- *)

(* G heads of keys and values, each of which serves g heads of queries. *)
Section Shared.
  Variables (d G g e p : nat).
  Variables (WQ WK WV : list (list Z)).
  Variables CQ CK' : idx -> Z.
  Variables (base : Z) (jumps : list (Z * Z)) (unit lo : Z) (levels : nat).
  Hypothesis heads : d = (G * g * e)%nat.
  Hypothesis width : (1 <= e)%nat.
  Hypothesis serves : (1 <= g)%nat.
  Hypothesis positive : 1 <= lowest base jumps.
  Hypothesis unit_positive : 1 <= unit.

  (* The operations. *)
  Definition shared_rotary_front : list op :=
    rotary_front_of d (G * g) e WQ WK WV CQ CK' (G * e) G (IDiv (IV 1) g).
  Definition shared_rotary : list op :=
    rotary_of d (G * g) e base jumps unit lo levels shared_rotary_front.
  Definition shared_rotary_causal : list op :=
    rotary_causal_of d (G * g) e base jumps unit lo levels shared_rotary_front.

  (* Scores and values are those of the shared matrices. *)
  Lemma rotary_shared n x : rotary_fronts d (G * g) e WQ CQ CK' shared_rotary_front
    (serving d e g WK) (serving d e g WV) n x.
  Proof.
    apply rotary_front_meaning with (group := fun h => (h / g)%nat); auto.
    - intros h L. apply Nat.div_lt_upper_bound; lia.
    - intros i h k L K. rewrite !project_shared by (auto; nia). auto.
  Qed.

  (* The programs mean attention with them. *)
  Theorem shared_rotary_meaning n x : meaning (block_of d p shared_rotary) n x =
    flat_map (fun i => map (fun f => attend_rotary d e WQ (serving d e g WK) (serving d e g WV)
      (fun i k q => CQ [i; k; q]) (fun i k q => CK' [i; k; q]) base jumps unit lo levels n
      (decode d p x) i f) (seq 0 d)) (seq 0 n).
  Proof. apply computes_meaning, rotary_of_computes, rotary_shared; auto. Qed.
  Theorem shared_rotary_causal_meaning n x : meaning (block_of d p shared_rotary_causal) n x =
    flat_map (fun i => map (fun f => attend_rotary_causal d e WQ (serving d e g WK)
      (serving d e g WV) (fun i k q => CQ [i; k; q]) (fun i k q => CK' [i; k; q]) base jumps unit lo
      levels n (decode d p x) i f) (seq 0 d)) (seq 0 n).
  Proof. apply computes_meaning, rotary_causal_of_computes, rotary_shared; auto. Qed.
End Shared.
Print Assumptions shared_rotary_meaning.
Print Assumptions shared_rotary_causal_meaning.
