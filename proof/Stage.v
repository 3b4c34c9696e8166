(* Programs that hand on a state: a serial model whose step is a program of operations, for every
   number T of steps and every n. A step reads bits that all steps share, fresh bits of its own, and
   the numbers that the step before it put out, as the sums of literals that they are. Its circuit
   is that of its program; Unrolled.v chains the circuits.

   This file has the definitions, and what is known of how outputs are coded; Steps.v has the theorem.
   The bounds are those of the chain as unrolled here. They say nothing of the function that it
   computes, which other circuits may compute in less depth; see Chain.v. *)
From Coq Require Import List ZArith NArith Bool Arith Lia.
From TC0 Require Import Chain Serial Unrolled.
From TC0 Require Import Circuit Integers Gates Index Program Analysis Lowering Vocabulary.
Import ListNotations.
Open Scope Z_scope.

(* ---- what a reader has to trust ---- *)

(* A step: its fresh inputs, the state that it takes, as inputs too, its operations, and the numbers
   of the values that are the state after it. The shared inputs are the first values, then the
   fresh ones, then the state. *)
Record stage := mkStage {
  g_fresh : list input;
  g_state : list input;
  g_ops : list op;
  g_outs : list nat }.

(* Numbers in the code of a staircase: a base, and a bit for each jump. *)
Definition staircases (sh : list poly) (base : Z) (js : list Z) : input :=
  mkInput sh base (length js) (fun b => nth b js 0).

(* The program of a step. *)
Definition program_of (shared : list input) (g : stage) : prog :=
  mkProg (shared ++ g_fresh g ++ g_state g) (g_ops g) (g_outs g).

(* The bits of some inputs. *)
Definition many (ins : list input) (n : nat) : nat := list_sum (map (fun a => nbits a n) ins).

(* Integers as tensors with the shapes of inputs, one behind the other. *)
Fixpoint stacked (ins : list input) (n : nat) (z : list Z) : list tensor :=
  match ins with
  | [] => []
  | a :: r =>
    let ds := dims n (in_shape a) in
    (ds, table 0 ds (fun i => nth (ravel ds i 0) z 0)) :: stacked r n (skipn (prod ds) z)
  end.

(* The integers of the values ks after some operations. *)
Definition meant (ops : list op) (ks : list nat) (n : nat) (ts : list tensor) : list Z :=
  flat_map (fun k => elements (nth k (sems n ops ts) tnone)) ks.

Section Serial.
  (* The shared inputs, the steps, and n. The input bits are the shared ones, those of the first
     state, then the fresh ones of each step. *)
  Variables (shared : list input) (gs : nat -> stage) (n : nat).

  (* The first fresh bit of step t. *)
  Definition fresh_bit (t : nat) : nat :=
    (many shared n + many (g_state (gs 0%nat)) n +
      list_sum (map (fun s => many (g_fresh (gs s)) n) (seq 0 t)))%nat.

  (* The circuit of step t. *)
  Definition step_circuit (t : nat) : circuit := compile (program_of shared (gs t)) n.

  (* T steps, and their circuit. *)
  Definition serial_steps (T : nat) : list Chain.step :=
    handed step_circuit
      (fun t => seq 0 (many shared n) ++ seq (fresh_bit t) (many (g_fresh (gs t)) n))
      (seq (many shared n) (many (g_state (gs 0%nat)) n)) T.
  Definition serial (T : nat) : circuit := chain (fresh_bit T) (serial_steps T).

  (* What it is meant to compute: the integers after t steps. *)
  Fixpoint after (x : nat -> bool) (t : nat) : list Z :=
    match t with
    | O => flat_map elements (sems0 (g_state (gs 0%nat)) n (many shared n) x)
    | S t => meant (g_ops (gs t)) (g_outs (gs t)) n
        (sems0 shared n 0 x ++ sems0 (g_fresh (gs t)) n (fresh_bit t) x ++
          stacked (g_state (gs t)) n (after x t))
    end.
End Serial.

(* T steps chain for every n: the whole is at most T * D deep, with at most T * count(n) gates;
   within it each step is as deep as its circuit alone, at most D; and what is computed is what the
   steps mean, one after another. *)
Definition chained (shared : list input) (gs : nat -> stage) (D : nat) (count : npoly) (T : nat) :=
  forall n, (1 <= n)%nat ->
  let k := serial shared gs n T in
  let steps := serial_steps shared gs n T in
  wf k /\ (depth k <= T * D)%nat /\
  (N.of_nat (size k) <= N.of_nat T * neval count (N.of_nat n))%N /\
  (forall t, (t < T)%nat ->
    part_depth k (start steps t) (start steps (S t)) = depth (step_circuit shared gs n t) /\
    (depth (step_circuit shared gs n t) <= D)%nat) /\
  forall x, eval k x = after shared gs n x T.

(* ---- how outputs are coded ---- *)

(* The constant and the weights of the literals of each element, with the shape; for values that are
   made of thresholds. *)
Definition made (o : op) : option (Z * list Z) :=
  match o with
  | OStep base js _ | OMax base js _ _ _ => Some (base, map snd js)
  | OQuo lo m _ _ _ => Some (lo, repeat 1 m)
  | _ => None
  end.

(* What is known of all values after some operations. *)
Fixpoint knowns (ops : list op) (env : list st) : list st :=
  match ops with [] => env | o :: r => knowns r (env ++ [ana1 env o]) end.

(* The code of value k of a program. *)
Definition puts (p : prog) (k : nat) : option (list poly * (Z * list Z)) :=
  let i := length (p_ins p) in
  if (k <? i)%nat then None else
  match nth_error (p_ops p) (k - i) with
  | Some o =>
    match made o with
    | Some c => Some (s_sh (nth k (knowns (p_ops p) (map st0 (p_ins p))) snone), c)
    | None => None
    end
  | None => None
  end.

(* The code of an input. *)
Definition wants (a : input) : option (list poly * (Z * list Z)) :=
  Some (in_shape a, (in_base a, map (in_place a) (seq 0 (in_bits a)))).

(* The outputs of one step have the code of the state that the next one takes. *)
Definition hands (shared : list input) (g h : stage) : Prop :=
  map (puts (program_of shared g)) (g_outs g) = map wants (g_state h).

(* The constants and weights of numbers that are read off literals. *)
Definition layout (os : list fsum) : list (Z * list Z) :=
  map (fun s => (fst s, map fst (snd s))) os.

(* The code of inputs; the literals do not matter. *)
Definition codes (ins : list input) (n : nat) : list fsum :=
  flat_map (fun a => repeat
    (in_base a, map (fun b => (in_place a b, (false, RIn 0))) (seq 0 (in_bits a)))
    (prod (dims n (in_shape a)))) ins.

(* Numbers depend on the layout only. *)
Lemma decode_layout os : forall os' v, layout os = layout os' -> decode os v = decode os' v.
Proof.
  induction os as [| [b ws] os IH]; intros [| [b' ws'] os'] v E; simpl in *; try easy.
  injection E as -> W R. rewrite W, (IH os') by auto. do 2 f_equal.
  now rewrite <- (map_length fst ws), W, map_length.
Qed.

(* So does the number of literals. *)
Lemma literals_layout os : forall os', layout os = layout os' ->
  length (literals os) = length (literals os').
Proof.
  unfold literals. setoid_rewrite map_length.
  induction os as [| [b ws] os IH]; intros [| [b' ws'] os'] E; simpl in *; try easy.
  injection E as -> W R. rewrite !app_length, (IH os') by auto. f_equal.
  now rewrite <- (map_length fst ws), W, map_length.
Qed.

(* The layout of a compiled program is that of its sums. *)
Lemma layout_compile p n : layout (outs (compile p n)) =
  map (fun s => (fst s, map fst (snd s))) (outputs p n).
Proof.
  unfold layout, compile, circuit_of. simpl. rewrite map_map. apply map_ext. intros [b ws]. simpl.
  f_equal. rewrite map_map. apply map_ext. now intros [w l].
Qed.

(* ---- shapes and codes of lowered values ---- *)

(* Values keep their places. *)
Lemma lowers_nth n ops : forall senv env G k, (k < length env)%nat ->
  nth k (fst (lowers n ops senv env G)) vnone = nth k env vnone.
Proof.
  induction ops as [| o r IH]; intros senv env G k K; simpl; auto.
  rewrite IH by (rewrite app_length; lia). now rewrite app_nth1.
Qed.

(* An operation's value, by its place. *)
Lemma lowers_op n ops : forall senv env G j o, nth_error ops j = Some o ->
  exists senv' env', nth (length env + j) (fst (lowers n ops senv env G)) vnone =
    low1 n senv' env' o.
Proof.
  induction ops as [| a r IH]; intros senv env G [| j] o E; simpl in *; try easy.
  - injection E as ->. exists senv, env. rewrite lowers_nth by (rewrite app_length; simpl; lia).
    now rewrite app_nth2, Nat.add_0_r, Nat.sub_diag by lia.
  - destruct (IH (senv ++ [ana1 senv a]) (env ++ [low1 n senv env a])
      (G ++ gates1 n senv env a) j o E) as (s & e & H).
    exists s, e. rewrite <- H. f_equal. rewrite app_length. simpl. lia.
Qed.

(* Lowered values have the shapes that are known. *)
Lemma lowers_sh n ops : forall senv env G, length env = length senv ->
  (forall k, v_sh (nth k env vnone) = dims n (s_sh (nth k senv snone))) ->
  forall k, v_sh (nth k (fst (lowers n ops senv env G)) vnone) =
    dims n (s_sh (nth k (knowns ops senv) snone)).
Proof.
  induction ops as [| o r IH]; intros senv env G L E; simpl; auto.
  apply IH; [rewrite !app_length; simpl; lia |]. intro k.
  destruct (Nat.lt_trichotomy k (length env)) as [K | [K | K]].
  - now rewrite !app_nth1 by lia.
  - rewrite !app_nth2 by lia. replace (k - length env)%nat with 0%nat by lia.
    replace (k - length senv)%nat with 0%nat by lia. destruct o; simpl; auto.
  - rewrite !nth_overflow by (rewrite app_length; simpl; lia). reflexivity.
Qed.

(* Inputs have the shapes that are known. *)
Lemma lows0_sh n ins : forall o k,
  v_sh (nth k (lows0 ins n o) vnone) = dims n (s_sh (nth k (map st0 ins) snone)).
Proof. induction ins as [| a r IH]; intros o [| k]; simpl; auto. Qed.

(* Inputs are as many as their values. *)
Lemma lows0_length n ins : forall o, length (lows0 ins n o) = length ins.
Proof. induction ins; simpl; auto. Qed.

(* All elements of a value of thresholds have its code. *)
Lemma vthr_layout ds base ts ws : (forall i, map fst (ts i) = ws) ->
  map (fun s : sum => (fst s, map fst (snd s))) (map (v_low (vthr ds base ts)) (box ds)) =
    repeat (base, ws) (prod ds).
Proof.
  intro H. rewrite map_map, <- length_box.
  rewrite (map_ext_in _ (fun _ => (base, ws))).
  - induction (box ds); simpl; congruence.
  - intros i I. simpl. rewrite table_eq, (proj1 (in_box _ _) I). simpl. now rewrite H.
Qed.

(* All elements of a value have its code. *)
Lemma puts_layout p n k sh c : puts p k = Some (sh, c) ->
  let v := nth k (fst (lowered p n)) vnone in
  map (fun s : sum => (fst s, map fst (snd s))) (map (v_low v) (box (v_sh v))) =
    repeat c (prod (dims n sh)).
Proof.
  unfold puts. destruct (k <? length (p_ins p))%nat eqn:K; [easy |]. apply Nat.ltb_ge in K.
  destruct (nth_error (p_ops p) (k - length (p_ins p))) as [o |] eqn:O; [| easy].
  destruct (made o) as [c' |] eqn:M; [| easy]. intro E. injection E as <- ->.
  set (v := nth k (fst (lowered p n)) vnone).
  assert (S : v_sh v =
      dims n (s_sh (nth k (knowns (p_ops p) (map st0 (p_ins p))) snone))).
  { apply lowers_sh; [now rewrite lows0_length, map_length | apply lows0_sh]. }
  rewrite <- S. unfold v, lowered in *.
  destruct (lowers_op n (p_ops p) (map st0 (p_ins p)) (lows0 (p_ins p) n 0) [] _ _ O)
    as (s & e & H).
  rewrite lows0_length in H. replace (length (p_ins p) + (k - length (p_ins p)))%nat with k in H
    by lia. rewrite H.
  destruct o; try discriminate M; injection M as <-; apply vthr_layout; intro i.
  - unfold steps, jumpsat. now rewrite !map_map.
  - unfold quots. rewrite map_map. rewrite <- (seq_length m 0) at 2.
    induction (seq 0 m); [reflexivity |]. cbn [map length repeat]. now rewrite IHl.
  - unfold maxs, jumpsat. now rewrite !map_map.
Qed.

(* Values with the codes of inputs are laid out as these. *)
Lemma puts_wants p n ks : forall ins, map (puts p) ks = map wants ins ->
  map (fun s : sum => (fst s, map fst (snd s)))
    (flat_map (fun k => let v := nth k (fst (lowered p n)) vnone in
      map (v_low v) (box (v_sh v))) ks) = layout (codes ins n).
Proof.
  induction ks as [| k ks IH]; intros [| a ins] E; try discriminate E; auto.
  cbn [map] in E. injection E as E1 E2. cbn [flat_map codes]. unfold layout in *.
  rewrite !map_app, (IH ins E2). f_equal.
  rewrite (puts_layout _ _ _ _ _ E1).
  induction (prod (dims n (in_shape a))) as [| m IHm]; simpl; [auto | rewrite <- IHm].
  f_equal. f_equal. rewrite map_map. now apply map_ext.
Qed.

(* The outputs of a step are laid out as the state that they are handed on as. *)
Lemma hands_layout shared g h n : hands shared g h ->
  layout (outs (compile (program_of shared g) n)) = layout (codes (g_state h) n).
Proof. intro H. rewrite layout_compile. now apply puts_wants. Qed.
