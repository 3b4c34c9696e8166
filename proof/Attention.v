(* The attention block with heads: its program, which computes attention as Definitions.v has it,
   and the certificate for all its parameters. *)
From Coq Require Import List ZArith NArith Nnat Bool Arith Lia.
From TC0 Require Import Circuit Integers Index Program Analysis Lowering Soundness.
From TC0 Require Import Definitions Vocabulary Values Blocks.
Import ListNotations.
Open Scope Z_scope.

(* ---- heads ---- *)

(* Where feature k of head h stands, and where the features are by heads of e each. Heads of one
   feature are written in a shorter form. *)
Definition by_heads (e : nat) : list ix :=
  if (e =? 1)%nat then [IV 0; IV 1] else [IV 0; IAdd (IMul e (IV 1)) (IV 2)].
Definition side_by_side (e : nat) : list ix :=
  if (e =? 1)%nat then [IV 0; IV 1; IC 0] else [IV 0; IDiv (IV 1) e; IMod (IV 1) e].

(* They are these. *)
Lemma by_heads_ok e i h k : (k < e)%nat -> imap (by_heads e) [i; h; k] = [i; (e * h + k)%nat].
Proof.
  intro K. unfold by_heads. destruct (Nat.eqb_spec e 1) as [-> | _]; [| reflexivity].
  cbn [imap map ieval nth]. do 2 f_equal. lia.
Qed.
Lemma side_by_side_ok e i f : imap (side_by_side e) [i; f] = [i; (f / e)%nat; (f mod e)%nat].
Proof.
  unfold side_by_side. destruct (Nat.eqb_spec e 1) as [-> | _]; [| reflexivity].
  cbn [imap map ieval nth]. now rewrite Nat.div_1_r, Nat.mod_1_r.
Qed.

(* ---- what the blocks of all kinds of attention share ---- *)

(* The parameters: d features in H heads of e features each; an input of p bits; the projections;
   outputs lo .. lo + levels, in units. In comments i and j are positions, h is a head, k one of its
   features. *)
Section Parts.
  Variables (d H e : nat).
  Variables (WQ WK WV : list (list Z)).
  Variables (unit lo : Z) (levels : nat).

  (* The operations up to the scores, 8, and the values, 9. There are G heads of keys and values, of
     which the expression says which one a head has. *)
  Definition front_of (rows G : nat) (of_head : ix) : list op :=
    [ (* 1, 2: queries, and by heads: ihk *)
      linear [pn; [d]] [d] 1 WQ [] 0;
      gather [pn; [H]; [e]] (by_heads e) 1;
      (* 3, 4: keys, and by heads: jhk *)
      linear [pn; [rows]] [d] 1 WK [] 0;
      gather [pn; [G]; [e]] (by_heads e) 3;
      (* 5, 6: values, and by heads: jhk *)
      linear [pn; [rows]] [d] 1 WV [] 0;
      gather [pn; [G]; [e]] (by_heads e) 5;
      (* 7, 8: keys again, and scores: hij *)
      gather [pn; [H]; [e]] [IV 0; of_head; IV 2] 4;
      OCon [[H]; pn; pn] [[e]] [IV 1; IV 0; IV 3] [IV 2; IV 0; IV 3] 2 7;
      (* 9: values again *)
      gather [pn; [H]; [e]] [IV 0; of_head; IV 2] 6 ].

  (* The same where each head has its own. *)
  Definition front : list op := front_of d H (IV 1).

  (* Sums of the values with the weights a: ihk. *)
  Definition mix (a : nat) : op :=
    OCon [pn; [H]; [e]] [pn] [IV 1; IV 0; IV 3] [IV 3; IV 1; IV 2] a 9.

  (* The heads of a side by side. *)
  Definition side (a : nat) : op := gather [pn; [d]] (side_by_side e) a.

  (* The operations after the weights a: averages of the values. *)
  Definition back (a : nat) : list op :=
    [ (* a + 1: weighted sums of values: ihk *)
      mix a;
      (* a + 2, a + 3: sums of weights, and in units: hi *)
      reduce [[H]; pn] pn 2 a;
      affine [[H]; pn] unit 0 (a + 2);
      (* a + 4, a + 5: the same as ih, and for every feature: ihk *)
      gather [pn; [H]] [IV 1; IV 0] (a + 3);
      gather [pn; [H]; [e]] [IV 0; IV 1] (a + 4);
      (* a + 6 to a + 9: the quotient, rounded half up: ihk *)
      affine [pn; [H]; [e]] 2 0 (a + 1);
      OAdd (a + 6) (a + 5);
      affine [pn; [H]] 2 0 (a + 4);
      OQuo lo levels [IV 0; IV 1] (a + 7) (a + 8);
      (* a + 10: heads side by side *)
      side (a + 9) ].

  (* The features are those of all heads, and a head has some; the unit is at least 1. *)
  Hypothesis heads : d = (H * e)%nat.
  Hypothesis width : (1 <= e)%nat.
  Hypothesis unit_positive : 1 <= unit.

  (* Attention as Definitions.v has it, with these parameters. *)
  Local Notation project := (project d).
  Local Notation score := (score d e WQ WK).
  Local Notation average := (average d e WV unit lo levels).

  (* The operations F mean the scores and the values of some matrices of keys and values. *)
  Definition fronts (F : list op) (keys vals : list (list Z)) (n : nat) (x : nat -> nat -> Z)
      : Prop :=
    forall t, holds t n d x -> let env := sems n F [t] in
    length env = 10%nat /\ fst (nth 8 env tnone) = [H; n; n] /\
    (forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
      snd (nth 8 env tnone) [h; i; j] = Definitions.score d e WQ keys x h i j) /\
    (forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd (nth 9 env tnone) [i; h; k] = project x vals i (e * h + k)).

  (* Those above do, if the matrices have for each head the rows of its head of keys and values. *)
  Lemma front_of_meaning rows G of_head (group : nat -> nat) keys vals n x : rows = (G * e)%nat ->
    (forall i h k, ieval [i; h; k] of_head = group h) ->
    (forall h, (h < H)%nat -> (group h < G)%nat) ->
    (forall i h k, (h < H)%nat -> (k < e)%nat ->
      project x WK i (e * group h + k) = project x keys i (e * h + k) /\
      project x WV i (e * group h + k) = project x vals i (e * h + k)) ->
    fronts (front_of rows G of_head) keys vals n x.
  Proof.
    intros R EH GH KV t H0. unfold front_of, linear, gather, ints.
    cbn [seq map length app Nat.sub].
    assert (P : forall m W r, forall i k, (i < n)%nat -> (k < m)%nat ->
      snd (sem1 n (t :: r) (OSum [pn; [m]] [[d]]
        (CF (fun _ v => nth (nth 2 v 0%nat) (nth (nth 1 v 0%nat) W []) 0)) (CK 0)
        [IV 0; IV 2] 0)) [i; k] = project x W i k).
    { intros m W r. exact (proj2 (linear_holds n (t :: r) d m W 0 x H0)). }
    assert (B : forall h k, (h < H)%nat -> (k < e)%nat -> (e * h + k < d)%nat) by (intros; nia).
    assert (B' : forall h k, (h < G)%nat -> (k < e)%nat -> (e * h + k < rows)%nat) by (intros; nia).
    next t1.
    assert (H1 := P d WQ [] : forall i k, _ -> _ -> snd t1 [i; k] = _).
    clearbody t1.
    next t2.
    assert (H2 : forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd t2 [i; h; k] = project x WQ i (e * h + k)).
    { subst t2. intros. rewrite one_sem by inside. rewrite by_heads_ok by auto. cbn [nth].
      rewrite Z.mul_1_l, Z.add_0_l. auto. }
    clearbody t2.
    next t3.
    assert (H3 := P rows WK [t1; t2] : forall i k, _ -> _ -> snd t3 [i; k] = _).
    clearbody t3.
    next t4.
    assert (H4 : forall i h k, (i < n)%nat -> (h < G)%nat -> (k < e)%nat ->
      snd t4 [i; h; k] = project x WK i (e * h + k)).
    { subst t4. intros. rewrite one_sem by inside. rewrite by_heads_ok by auto. cbn [nth].
      rewrite Z.mul_1_l, Z.add_0_l. auto. }
    clearbody t4.
    next t5.
    assert (H5 := P rows WV [t1; t2; t3; t4] : forall i k, _ -> _ -> snd t5 [i; k] = _).
    clearbody t5. clear P.
    next t6.
    assert (H6 : forall i h k, (i < n)%nat -> (h < G)%nat -> (k < e)%nat ->
      snd t6 [i; h; k] = project x WV i (e * h + k)).
    { subst t6. intros. rewrite one_sem by inside. rewrite by_heads_ok by auto. cbn [nth].
      rewrite Z.mul_1_l, Z.add_0_l. auto. }
    clearbody t6.
    next t7.
    assert (H7 : forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd t7 [i; h; k] = project x keys i (e * h + k)).
    { subst t7. intros. one. rewrite EH, H4 by auto. now apply KV. }
    clearbody t7.
    next t8.
    assert (H8 : fst t8 = [H; n; n] /\ forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
      snd t8 [h; i; j] = Definitions.score d e WQ keys x h i j).
    { subst t8. unfold sem1. lengths. split; auto.
      intros h i j Hh I J. cbn [snd].
      rewrite table_eq, inb3, zsum_box1 by auto. apply bigsum_ext.
      intros k K. cbn [nth imap map ieval app]. now rewrite H2, H7. }
    clearbody t8. destruct H8 as [S8 H8].
    next t9.
    assert (H9 : forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd t9 [i; h; k] = project x vals i (e * h + k)).
    { subst t9. intros. one. rewrite EH, H6 by auto. now apply KV. }
    clearbody t9.
    cbn zeta. cbn [sems nth length]. repeat split; auto.
  Qed.

  (* So do those where each head has its own. *)
  Lemma front_meaning n x : fronts front WK WV n x.
  Proof. apply front_of_meaning with (group := fun h => h); auto. Qed.

  (* Sums of the values. *)
  Lemma mix_meaning n x env a w :
    (forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
      snd (nth a env tnone) [h; i; j] = w h i j) ->
    (forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd (nth 9 env tnone) [i; h; k] = project x WV i (e * h + k)) ->
    forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
    snd (sem1 n env (mix a)) [i; h; k] =
      bigsum n (fun j => w h i j * project x WV j (e * h + k)).
  Proof.
    intros W V i h k I Hh K. unfold mix, sem1. lengths.
    cbn [snd]. rewrite table_eq, inb3, zsum_box1 by auto.
    apply bigsum_ext. intros j J. cbn [nth imap map ieval app].
    now rewrite W, V.
  Qed.

  (* Heads side by side. *)
  Lemma side_meaning n env a (g : nat -> nat -> Z) :
    (forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd (nth a env tnone) [i; h; k] = g i (e * h + k)%nat) ->
    holds (sem1 n env (side a)) n d g.
  Proof.
    intros G. split; [cbn [sem1 fst side gather]; now lengths |]. intros i f I F.
    assert (Fe : (f / e < H)%nat) by (apply Nat.div_lt_upper_bound;
      [lia | rewrite Nat.mul_comm, <- heads; apply F]).
    assert (Fm : (f mod e < e)%nat) by (apply Nat.mod_upper_bound; lia).
    unfold side, gather. rewrite one_sem by inside. rewrite side_by_side_ok, G by lia.
    rewrite Z.mul_1_l, Z.add_0_l.
    now rewrite <- (Nat.div_mod f e) by lia.
  Qed.

  (* The operations after the weights mean averages, if at every position the weights add up to at
     least 1. *)
  Lemma back_meaning n x env a w :
    length env = S a ->
    (forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
      snd (nth a env tnone) [h; i; j] = w h i j) ->
    (forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd (nth 9 env tnone) [i; h; k] = project x WV i (e * h + k)) ->
    (9 <= a)%nat ->
    (forall h i, (h < H)%nat -> (i < n)%nat -> 1 <= bigsum n (fun j => w h i j)) ->
    holds (nth (a + 10) (sems n (back a) env) tnone) n d (average n x w).
  Proof.
    intros L W V A D.
    assert (N : forall l k, nth (a + S k) (env ++ l) tnone = nth k l tnone).
    { intros l k. replace (a + S k)%nat with (length env + k)%nat by lia. apply app_nth2_plus. }
    assert (O : forall l k, (k <= a)%nat -> nth k (env ++ l) tnone = nth k env tnone)
      by (intros; apply app_nth1; lia).
    unfold back, gather, affine, reduce. cbn [seq map length app Nat.sub].
    after t1.
    assert (H1 : forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat -> snd t1 [i; h; k] = _)
      by exact (mix_meaning n x env a w W V).
    clearbody t1.
    after t2.
    assert (H2 : forall h i, (h < H)%nat -> (i < n)%nat ->
      snd t2 [h; i] = bigsum n (fun j => w h i j)).
    { subst t2. intros h i Hh I. rewrite sum_sem by inside.
      lengths. rewrite zsum_box1. cbn [cval]. rewrite Z.add_0_l.
      apply bigsum_ext. intros j J. cbn [nth imap map ieval app].
      rewrite O, W by auto. apply Z.mul_1_l. }
    clearbody t2.
    after t3.
    assert (H3 : forall h i, (h < H)%nat -> (i < n)%nat -> snd t3 [h; i] = unit * snd t2 [h; i]).
    { subst t3. intros. one. now rewrite N. }
    clearbody t3.
    after t4.
    assert (H4 : forall i h, (i < n)%nat -> (h < H)%nat -> snd t4 [i; h] = snd t3 [h; i]).
    { subst t4. intros. one. now rewrite N. }
    clearbody t4.
    after t5.
    assert (H5 : forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd t5 [i; h; k] = snd t4 [i; h]).
    { subst t5. intros. one. now rewrite N. }
    clearbody t5.
    after t6.
    assert (H6 : fst t6 = [n; H; e] /\ forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd t6 [i; h; k] = 2 * snd t1 [i; h; k]).
    { subst t6. split; [cbn [sem1 fst]; now lengths |]. intros.
      one. now rewrite N. }
    clearbody t6. destruct H6 as [S6 H6].
    after t7.
    assert (H7 : fst t7 = [n; H; e] /\ forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd t7 [i; h; k] = snd t6 [i; h; k] + snd t5 [i; h; k]).
    { subst t7. unfold sem1. rewrite !N. cbn [nth fst snd].
      rewrite S6. split; auto. intros.
      now rewrite table_eq, inb3. }
    clearbody t7. destruct H7 as [S7 H7].
    after t8.
    assert (H8 : forall i h, (i < n)%nat -> (h < H)%nat -> snd t8 [i; h] = 2 * snd t4 [i; h]).
    { subst t8. intros. one. now rewrite N. }
    clearbody t8.
    after t9.
    assert (H9 : forall i h k, (i < n)%nat -> (h < H)%nat -> (k < e)%nat ->
      snd t9 [i; h; k] = quotient lo levels (snd t7 [i; h; k]) (snd t8 [i; h])).
    { subst t9. unfold sem1. intros. rewrite !N.
      cbn [nth fst snd imap map ieval]. rewrite S7.
      now rewrite table_eq, inb3. }
    clearbody t9.
    after t10. cbn [sems]. rewrite N. cbn [nth]. apply side_meaning.
    intros i h k I Hh K. rewrite N. cbn [nth].
    unfold average.
    replace ((e * h + k) / e)%nat with h
      by (rewrite Nat.mul_comm, Nat.div_add_l, Nat.div_small; lia).
    rewrite H9, H7, H6, H5, H1, H8, H4, H3, H2 by lia. apply quotient_pos.
    specialize (D h i Hh I).
    apply Z.mul_pos_pos; [lia | apply Z.mul_pos_pos; lia].
  Qed.
End Parts.

(* Names the values up to the scores, in a goal about the meaning of a block that begins with
   operations F: S8 is the shape of the scores, and H8 and H9 say what values 8 and 9 are. HX says
   what the input is, and HF that F means scores and values. *)
Ltac start_of F HF HX S8 H8 H9 :=
  let L := fresh in let LF := fresh in let env := fresh "env" in
  destruct (HF _ HX) as (L & S8 & H8 & H9);
  assert (LF : length F = 9%nat) by (rewrite sems_length in L; cbn [length] in L; lia);
  rewrite sems_app, app_length, LF; clear LF;
  lazymatch type of L with length ?l = _ => set (env := l) in *; clearbody env end;
  do 10 (destruct env as [| ? env]; [discriminate L |]);
  destruct env; [clear L; cbn [nth] in S8, H8, H9; cbn [app] | discriminate L].

(* ---- softmax attention without a mask ---- *)

(* The parameters as above, and the exponential as a staircase. *)
Section Heads.
  Variables (d H e p : nat).
  Variables (WQ WK WV : list (list Z)).
  Variables (base : Z) (jumps : list (Z * Z)) (unit lo : Z) (levels : nat).

  (* The operations after those of F, of which value 10 is the weights: hij, and the block. *)
  Definition attention_of (F : list op) : list op :=
    F ++ [step base jumps 8] ++ back d H e unit lo levels 10.
  Definition attention : list op := attention_of (front d H e WQ WK WV).
  Definition block : prog := block_of d p attention.

  (* The features are those of all heads, and a head has some. *)
  Hypothesis heads : d = (H * e)%nat.
  Hypothesis width : (1 <= e)%nat.

  (* Every weight is at least 1, and so is the unit: no denominator is 0. *)
  Hypothesis positive : 1 <= lowest base jumps.
  Hypothesis unit_positive : 1 <= unit.

  (* Attention as Definitions.v has it, with these parameters. *)
  Local Notation decode := (decode d p).
  Local Notation attend := (attend d e WQ WK WV base jumps unit lo levels).

  (* The block means attention. *)
  Theorem attention_of_computes F keys vals n x : fronts d H e WQ F keys vals n x ->
    computes (attention_of F) n d d x
      (Definitions.attend d e WQ keys vals base jumps unit lo levels n x).
  Proof.
    intros HF t HX. unfold attention_of.
    start_of F HF HX S8 H8 H9.
    next t10.
    assert (H10 : forall h i j, (h < H)%nat -> (i < n)%nat -> (j < n)%nat ->
      snd t10 [h; i; j] = weight d e WQ keys base jumps x h i j).
    { intros h i j Hh I J. unfold weight. rewrite <- H8 by auto.
      apply step_sem. cbn [nth]. rewrite S8. now apply inb3. }
    clearbody t10.
    apply (back_meaning d H e vals unit lo levels heads width unit_positive n x _
      10 (weight d e WQ keys base jumps x)); auto.
    intros h i Hh I. apply bigsum_ge; [lia | lia |]. intro j.
    etransitivity; [exact positive | apply stair_lowest].
  Qed.
  Theorem attention_computes n x : computes attention n d d x (attend n x).
  Proof. apply attention_of_computes, front_meaning; auto. Qed.

  (* The block is in TC0 and computes attention, with the bounds that the analysis finds. *)
  Theorem attention_certified lev count : analyse block = Some (count, lev) ->
    forall n, (1 <= n)%nat -> let c := compile block n in
    wf c /\ (depth c <= lev)%nat /\ (N.of_nat (size c) <= neval count (N.of_nat n))%N /\
    forall x, eval c x =
      flat_map (fun i => map (fun f => attend n (decode x) i f) (seq 0 d)) (seq 0 n).
  Proof.
    intro A. exact (block_certified _ d d p _ lev count (fun n x _ => attention_computes n _) A).
  Qed.
End Heads.
Print Assumptions attention_computes.
Print Assumptions attention_certified.

(* Certifies a concrete program whose operations are those of the block. The goal is the conclusion
   of attention_certified, from `forall n` on, with the program in place of the block; the
   parameters are read off what is to be computed. *)
Ltac certify_attention :=
  lazymatch goal with
  | |- context [attend ?d ?e ?WQ ?WK ?WV ?base ?jumps ?unit ?lo ?levels _
      (decode _ ?p _)] =>
    let H := eval vm_compute in (d / e)%nat in
    certify_block (block d H e p WQ WK WV base jumps unit lo levels)
      (attention_certified d H e p WQ WK WV base jumps unit lo levels)
  end.
