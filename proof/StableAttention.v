(* Attention by stable softmax, and average-hard attention, without a mask and with a causal one:
   the program, which computes attend_stable as Definitions.v has it, and the certificate for all
   its parameters. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions Vocabulary Values Blocks Attention CausalAttention.
Import ListNotations.
Open Scope Z_scope.

(* ---- staircases below the greatest ---- *)

(* The greatest element of a list that is not empty is in it, and no other is greater. *)
Lemma zmax_ok l : l <> [] -> In (zmax l) l /\ forall a, In a l -> a <= zmax l.
Proof.
  destruct l as [| b l]; [easy |]. intros _. cbn [zmax]. induction l as [| c l [I B]]; simpl.
  - split; [auto |]. intros a [-> | []]. lia.
  - simpl in I, B. split.
    + destruct (Z.max_spec c (fold_right Z.max b l)) as [[_ ->] | [_ ->]]; tauto.
    + intros a [-> | [-> | A]]; [specialize (B a (or_introl eq_refl)); lia | lia |].
      specialize (B a (or_intror A)). lia.
Qed.

(* The greatest of a list that has the numbers f k over k < m, each as often as it likes. *)
Lemma zmax_greatest c (g : nat -> nat) m f : (1 <= c)%nat ->
  (forall k, (k < c)%nat -> (g k < m)%nat) ->
  (forall k, (k < m)%nat -> exists j, (j < c)%nat /\ g j = k) ->
  zmax (map (fun k => f (g k)) (seq 0 c)) = greatest m f.
Proof.
  intros C G S. destruct (zmax_ok (map (fun k => f (g k)) (seq 0 c))) as [I B].
  { destruct c; [lia | discriminate]. }
  apply in_map_iff in I. destruct I as (k & E & K). rewrite <- E in *. apply in_seq in K.
  symmetry. apply greatest_eq; [apply G; lia |]. intros j J.
  destruct (S j J) as (i & I & <-). apply B, in_map_iff. exists i.
  split; auto. apply in_seq. lia.
Qed.

(* The number of the last of the operations `below`, the first of which has number m. *)
Definition last_below (masked : bool) (m : nat) : nat := if masked then S m else m.

(* The staircase of what a is below its greatest element that a position attends to. *)
Definition below (H : nat) (base : Z) (jumps : list (Z * Z)) (masked : bool) (a m : nat)
    : list op :=
  let js := map (fun j => (CK (fst j), snd j)) jumps in
  if masked
  then
    [ OMax base js [pn] [IV 0; IV 1; IMin (IV 3) (IV 1)] a;
      causal [[H]; pn; pn] 1 2 0 m ]
  else [OMax base js [pn] [IV 0; IV 1; IV 3] a].

(* What these operations mean: the staircase for the positions that position i attends to, and 0 for
   the others. *)
Lemma below_meaning H base jumps masked a m n env s : (1 <= n)%nat -> length env = m ->
  fst (nth a env tnone) = [H; n; n] ->
  (forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
    snd (nth a env tnone) [h; i; j] = s h i j) ->
  exists l, sems n (below H base jumps masked a m) env = env ++ l /\
    length l = S (last_below masked m - m) /\
    forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
    snd (nth (last_below masked m) (env ++ l) tnone) [h; i; j] =
      let r := seen masked n i in
      if (j <? r)%nat then stair base jumps (s h i j - greatest r (s h i)) else 0.
Proof.
  intros Hn L S V.
  assert (M : forall f (g : nat -> nat) r h i j,
    (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
    (forall k, imap f [h; i; j; k] = [h; i; g k]) -> (r <= n)%nat ->
    (forall k, (k < n)%nat -> (g k < r)%nat) ->
    (forall k, (k < r)%nat -> exists j, (j < n)%nat /\ g j = k) ->
    snd (sem1 n env (OMax base (map (fun j => (CK (fst j), snd j)) jumps) [pn] f a)) [h; i; j] =
      stair base jumps (s h i j - greatest r (s h i))).
  { intros f g r h i j Hh I Jn F R G T. cbn [sem1 snd fst].
    rewrite S, table_eq, inb3, step_jumps, V by auto. lengths. rewrite box1, map_map.
    do 2 f_equal. rewrite <- (zmax_greatest n g r) by auto. f_equal.
    apply map_ext_in. intros k K. apply in_seq in K. cbn [app]. rewrite F.
    apply V; auto. specialize (G k). lia. }
  destruct masked; unfold below, last_below, seen; cbn zeta.
  - eexists. split; [| split].
    + rewrite !sems_cons. cbn [sems]. rewrite <- app_assoc. cbn [app]. reflexivity.
    + cbn [length]. lia.
    + intros h i j Hh I Jn.
      rewrite app_nth2 by lia. replace (Datatypes.S m - length env)%nat with 1%nat by lia.
      cbn [nth].
      rewrite causal_sem by auto. rewrite app_nth2 by lia.
      replace (m - length env)%nat with 0%nat by lia. cbn [nth].
      destruct (Nat.leb_spec j i) as [C | C]; destruct (Nat.ltb_spec j (Datatypes.S i));
        try lia; auto.
      apply (M _ (fun k => Nat.min k i)); auto.
      * intros k K. lia.
      * intros k K. exists k. lia.
  - eexists. split; [| split].
    + rewrite !sems_cons. cbn [sems]. reflexivity.
    + cbn [length]. lia.
    + intros h i j Hh I Jn. rewrite app_nth2 by lia.
      replace (m - length env)%nat with 0%nat by lia. cbn [nth].
      rewrite (proj2 (Nat.ltb_lt j n)) by auto.
      apply (M _ (fun k => k)); auto. intros k K. now exists k.
Qed.

(* ---- the block ---- *)

(* The parameters: d features in H heads of e features each; an input of p bits; the projections;
   the exponential as a staircase; outputs lo .. lo + levels, in units; whether there is a causal
   mask. *)
Section Stable.
  Variables (d H e p : nat).
  Variables (WQ WK WV : list (list Z)).
  Variables (base : Z) (jumps : list (Z * Z)) (unit lo : Z) (levels : nat).
  Variables (masked : bool).

  (* The operations, of which value 10 or 11 is the weights: hij, and the block. *)
  Definition stable_of (F : list op) : list op :=
    F ++ below H base jumps masked 8 10 ++ back d H e unit lo levels (last_below masked 10).
  Definition stable_attention : list op := stable_of (front d H e WQ WK WV).
  Definition stable_block : prog := block_of d p stable_attention.

  (* The features are those of all heads, and a head has some. *)
  Hypothesis heads : d = (H * e)%nat.
  Hypothesis width : (1 <= e)%nat.

  (* No weight is negative, that of a greatest score is at least 1, and so is the unit: no
     denominator is 0. *)
  Hypothesis natural : 0 <= lowest base jumps.
  Hypothesis positive : 1 <= stair base jumps 0.
  Hypothesis unit_positive : 1 <= unit.

  (* Attention as Definitions.v has it, with these parameters. *)
  Local Notation decode := (decode d p).
  Local Notation stable_weight keys := (stable_weight d e WQ keys base jumps masked).
  Local Notation attend_stable := (attend_stable d e WQ WK WV base jumps unit lo levels masked).

  (* At every position the weights add up to at least 1. *)
  Lemma stable_positive keys n x h i : (i < n)%nat ->
    1 <= bigsum n (fun j => stable_weight keys n x h i j).
  Proof.
    intro I. unfold Definitions.stable_weight. set (r := seen masked n i).
    assert (R : (1 <= r <= n)%nat) by (subst r; unfold seen; destruct masked; lia).
    destruct (greatest_ok r (score d e WQ keys x h i)) as [(q & Q & E) _]; [lia |].
    apply bigsum_some with (q := q); [lia | |].
    - intros j J. destruct (j <? r)%nat; [| lia].
      etransitivity; [exact natural | apply stair_lowest].
    - rewrite (proj2 (Nat.ltb_lt q r) Q), E, Z.sub_diag. exact positive.
  Qed.

  (* The block means attention by stable softmax. *)
  Theorem stable_of_computes F keys vals n x : (1 <= n)%nat ->
    fronts d H e WQ F keys vals n x -> computes (stable_of F) n d d x
      (Definitions.attend_stable d e WQ keys vals base jumps unit lo levels masked n x).
  Proof.
    intros Hn HF t HX. unfold stable_of.
    start_of F HF HX S8 H8 H9. rewrite sems_app.
    replace (9 + length _)%nat with (last_below masked 10 + 10)%nat by now destruct masked.
    lazymatch goal with
    | |- context [sems n (below _ _ _ _ _ _) ?env] =>
      destruct (below_meaning H base jumps masked 8 10 n env _ Hn eq_refl S8 H8)
        as (l & -> & L & W);
      pose proof (app_length env l) as L'
    end.
    apply (back_meaning d H e vals unit lo levels heads width unit_positive n x _
      (last_below masked 10) (stable_weight keys n x)); auto.
    - rewrite L', L. unfold last_below. destruct masked; reflexivity.
    - unfold last_below. destruct masked; lia.
    - intros h i Hh I. now apply stable_positive.
  Qed.
  Theorem stable_computes n x : (1 <= n)%nat ->
    computes stable_attention n d d x (attend_stable n x).
  Proof. intro Hn. apply stable_of_computes, front_meaning; auto. Qed.

  (* The block is in TC0 and computes attention by stable softmax, with the bounds that the analysis
     finds. *)
  Theorem stable_attention_certified lev count : analyse stable_block = Some (count, lev) ->
    forall n, (1 <= n)%nat -> let c := compile stable_block n in
    wf c /\ (depth c <= lev)%nat /\ (N.of_nat (size c) <= neval count (N.of_nat n))%N /\
    forall x, eval c x =
      flat_map (fun i => map (fun f => attend_stable n (decode x) i f) (seq 0 d)) (seq 0 n).
  Proof.
    intro A. exact (block_certified _ d d p _ lev count (fun n x => stable_computes n _) A).
  Qed.
End Stable.
Print Assumptions stable_computes.
Print Assumptions stable_attention_certified.

(* Certifies a concrete program whose operations are those of the block. The goal is the conclusion
   of stable_attention_certified, from `forall n` on, with the program in place of the block; the
   parameters are read off what is to be computed. *)
Ltac certify_stable_attention :=
  lazymatch goal with
  | |- context [attend_stable ?d ?e ?WQ ?WK ?WV ?base ?jumps ?unit ?lo ?levels ?masked _
      (decode _ ?p _)] =>
    let H := eval vm_compute in (d / e)%nat in
    certify_block (stable_block d H e p WQ WK WV base jumps unit lo levels masked)
      (stable_attention_certified d H e p WQ WK WV base jumps unit lo levels masked)
  end.
