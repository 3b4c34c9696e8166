(* Programs that hand on a state: a serial model whose step is a program of operations, for every
   number T of steps and every n. A step reads bits that all steps share, fresh bits of its own, and
   the numbers that the step before it put out, as the sums of literals that they are. Its circuit
   is that of its program; Unrolled.v chains the circuits.

   This file has the definitions, and what is known of how outputs are coded; the theorem is in
   Steps.v. The bounds are those of the chain as unrolled here. They say nothing of the function
   that it computes, which other circuits may compute in less depth; see Chain.v. *)
From Coq Require Import List ZArith NArith Bool Arith Lia.
From TC0 Require Import Chain Serial Unrolled.
From TC0 Require Import Circuit Integers Gates Arith Index Program Analysis Lowering.
From TC0 Require Import Invariant Soundness Vocabulary Values.
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

(* T steps chain for every n: the whole is at most T * D + E deep, with at most T * count(n) +
   extra(n) gates; within it each step is as deep as its circuit alone, at most D, and the last one
   at most D + E; and what is computed is what the steps mean, one after another. *)
Definition chained (shared : list input) (gs : nat -> stage) (T D : nat) (count : npoly)
    (E : nat) (extra : npoly) : Prop :=
  forall n, (1 <= n)%nat ->
  let k := serial shared gs n T in
  let steps := serial_steps shared gs n T in
  let c := step_circuit shared gs n in
  wf k /\ (depth k <= T * D + E)%nat /\
  (N.of_nat (size k) <= N.of_nat T * neval count (N.of_nat n) + neval extra (N.of_nat n))%N /\
  (forall t, (t < T)%nat ->
    part_depth k (start steps t) (start steps (S t)) = depth (c t) /\
    (depth (c t) <= D + if S t =? T then E else 0)%nat) /\
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

(* Whether indices are the coordinates from the j-th on, in order. *)
Fixpoint straight (f : list ix) (j : nat) : bool :=
  match f with
  | [] => true
  | IV k :: r => (k =? j)%nat && straight r (S j)
  | _ => false
  end.

(* Whether a sum is a number and all marks along the last axis: the number, and how many marks there
   are. *)
Definition levels (o : op) : option (Z * nat) :=
  match o with
  | OSum osh [[m]] (CK 1) (CK lo) f _ =>
    if straight f 0 && (length f =? S (length osh))%nat then Some (lo, m) else None
  | _ => None
  end.

(* The value that a sum reads. *)
Definition operand (o : op) : nat := match o with OSum _ _ _ _ _ a => a | _ => 0 end.

(* The code of the value of an operation of a program. *)
Definition puts1 (p : prog) (k : nat) : option (list poly * (Z * list Z)) :=
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

(* Whether shapes are the same. *)
Definition same_shape (a b : list poly) : bool :=
  if list_eq_dec (list_eq_dec Nat.eq_dec) a b then true else false.

(* The code of value k of a program: made of thresholds, or a sum of such marks. *)
Definition puts (p : prog) (k : nat) : option (list poly * (Z * list Z)) :=
  let i := length (p_ins p) in
  match nth_error (p_ops p) (k - i) with
  | Some o =>
    match levels o with
    | Some (lo, m) =>
      let a := operand o in
      let sh := s_sh (nth k (knowns (p_ops p) (map st0 (p_ins p))) snone) in
      match puts1 p a with
      | Some (ash, (0, [w])) =>
        if (i <=? k)%nat && (a <? k)%nat && same_shape ash (sh ++ [[m]])
        then Some (sh, (lo, repeat w m)) else None
      | _ => None
      end
    | None => puts1 p k
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

(* An operation's value, by its place, from values that stay. *)
Lemma lowers_op n ops : forall senv env G j o, nth_error ops j = Some o ->
  let vs := fst (lowers n ops senv env G) in
  exists senv' env', nth (length env + j) vs vnone = low1 n senv' env' o /\
    forall a, (a < length env + j)%nat -> nth a env' vnone = nth a vs vnone.
Proof.
  induction ops as [| b r IH]; intros senv env G [| j] o E; simpl in *; try easy.
  - injection E as ->. exists senv, env.
    rewrite lowers_nth by (rewrite app_length; simpl; lia).
    rewrite app_nth2, Nat.add_0_r, Nat.sub_diag by lia. split; [reflexivity |].
    intros a A. rewrite lowers_nth by (rewrite app_length; lia). now rewrite app_nth1.
  - destruct (IH (senv ++ [ana1 senv b]) (env ++ [low1 n senv env b])
      (G ++ gates1 n senv env b) j o E) as (s & e & H & K).
    rewrite app_length in H, K. simpl in H, K.
    replace (length env + S j)%nat with (length env + 1 + j)%nat by lia. now exists s, e.
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

(* The elements of a value all have the code c. *)
Definition coded (v : val) (ds : list nat) (c : Z * list Z) : Prop :=
  v_sh v = ds /\
  forall i, inb ds i = true -> (fst (v_low v i), map fst (snd (v_low v i))) = c.

(* Values of thresholds are coded. *)
Lemma vthr_coded ds base ts ws : (forall i, map fst (ts i) = ws) ->
  coded (vthr ds base ts) ds (base, ws).
Proof.
  intro H. split; [reflexivity |]. intros i I. simpl. rewrite table_eq, I. simpl. now rewrite H.
Qed.

(* Lowered values of a program have the shapes that are known. *)
Lemma lowered_sh p n k : v_sh (nth k (fst (lowered p n)) vnone) =
  dims n (s_sh (nth k (knowns (p_ops p) (map st0 (p_ins p))) snone)).
Proof. apply lowers_sh; [now rewrite lows0_length, map_length | apply lows0_sh]. Qed.

(* The operation that made a value of a program, and what it read. *)
Lemma lowered_op p n k o : (length (p_ins p) <= k)%nat ->
  nth_error (p_ops p) (k - length (p_ins p)) = Some o ->
  exists senv env, nth k (fst (lowered p n)) vnone = low1 n senv env o /\
    forall a, (a < k)%nat -> nth a env vnone = nth a (fst (lowered p n)) vnone.
Proof.
  intros K O. unfold lowered.
  destruct (lowers_op n (p_ops p) (map st0 (p_ins p)) (lows0 (p_ins p) n 0) [] _ _ O)
    as (s & e & H & E).
  rewrite lows0_length in H, E.
  replace (length (p_ins p) + (k - length (p_ins p)))%nat with k in H, E by lia. eauto.
Qed.

(* Values that are made of thresholds are coded. *)
Lemma puts1_coded p n k sh c : puts1 p k = Some (sh, c) ->
  coded (nth k (fst (lowered p n)) vnone) (dims n sh) c.
Proof.
  unfold puts1. destruct (k <? length (p_ins p))%nat eqn:K; [easy |]. apply Nat.ltb_ge in K.
  destruct (nth_error (p_ops p) (k - length (p_ins p))) as [o |] eqn:O; [| easy].
  destruct (made o) as [c' |] eqn:M; [| easy]. intro E. injection E as <- ->.
  pose proof (lowered_sh p n k) as S.
  destruct (lowered_op p n k o K O) as (s & e & H & _). rewrite H in S |- *. rewrite <- S.
  destruct o; try discriminate M; injection M as <-; apply vthr_coded; intro i.
  - unfold steps, jumpsat. now rewrite !map_map.
  - unfold quots. rewrite map_map. rewrite <- (seq_length m 0) at 2.
    induction (seq 0 m); [reflexivity |]. cbn [map length repeat]. now rewrite IHl.
  - unfold maxs, jumpsat. now rewrite !map_map.
Qed.

(* Coordinates in order are the index. *)
Lemma straight_map f : forall j pre i, straight f j = true -> length pre = j ->
  length f = length i -> map (ieval (pre ++ i)) f = i.
Proof.
  induction f as [| e f IH]; intros j pre [| k i] S P L; try discriminate L; auto.
  destruct e; try discriminate S. simpl in S. rewrite andb_true_iff, Nat.eqb_eq in S.
  destruct S as [-> S]. simpl. f_equal.
  - rewrite app_nth2 by lia. now rewrite P, Nat.sub_diag.
  - replace (pre ++ k :: i) with ((pre ++ [k]) ++ i) by now rewrite <- app_assoc.
    apply (IH (Datatypes.S j)); [exact S | rewrite app_length; simpl; lia | simpl in L; lia].
Qed.

(* The parts of a sum. *)
Lemma fst_sadd a b : fst (sadd a b) = fst a + fst b.
Proof. reflexivity. Qed.
Lemma snd_sadd a b : snd (sadd a b) = snd a ++ snd b.
Proof. reflexivity. Qed.

(* Values are coded as it is said. *)
Lemma puts_coded p n k sh c : puts p k = Some (sh, c) ->
  coded (nth k (fst (lowered p n)) vnone) (dims n sh) c.
Proof.
  unfold puts. destruct (nth_error (p_ops p) (k - length (p_ins p))) as [o |] eqn:O; [| easy].
  destruct (levels o) as [[lo m] |] eqn:V; [| apply puts1_coded].
  destruct (puts1 p (operand o)) as [[ash [b ws]] |] eqn:A; [| easy].
  destruct b; try easy. destruct ws as [| w [|]]; try easy.
  destruct ((length (p_ins p) <=? k)%nat && (operand o <? k)%nat && same_shape ash _) eqn:C;
    [| easy].
  rewrite !andb_true_iff, Nat.leb_le, Nat.ltb_lt in C. destruct C as [[K LA] SS].
  intro E. injection E as <- <-.
  pose proof (lowered_sh p n k) as S. set (v := nth k (fst (lowered p n)) vnone) in *.
  unfold same_shape in SS.
  destruct (list_eq_dec (list_eq_dec Nat.eq_dec) ash _) as [-> |]; [| discriminate SS].
  apply (puts1_coded p n) in A. destruct (lowered_op p n k o K O) as (s & e & H & Q).
  fold v in H. rewrite <- (Q _ LA) in A. split; [exact S |]. rewrite <- S. clear Q K LA O SS.
  unfold dims in A. rewrite map_app in A. fold (dims n (s_sh (nth k
    (knowns (p_ops p) (map st0 (p_ins p))) snone))) in A. rewrite <- S in A. clear S.
  destruct o as [osh ssh cw cc f a | | | | |]; try discriminate V. simpl in V.
  destruct ssh as [| [| m' [|]] [|]]; try discriminate V.
  destruct cw as [[| [| |] |] |]; try discriminate V. destruct cc as [lo' |]; [| discriminate V].
  destruct (straight f 0 && (length f =? Datatypes.S (length osh))%nat) eqn:F; [| discriminate V].
  injection V as -> ->. rewrite andb_true_iff, Nat.eqb_eq in F. destruct F as [F LF].
  simpl in A. rewrite H in *. simpl v_sh in *. destruct A as [_ A].
  intros i I. cbn [low1 v_low]. rewrite table_eq, I.
  assert (Each : forall q, (q < m)%nat ->
    (fst (v_low (nth a e vnone) (imap f (i ++ [q]))),
     map fst (snd (v_low (nth a e vnone) (imap f (i ++ [q]))))) = (0, [w])).
  { intros q L. pose proof (inb_length _ _ I) as LI. unfold dims in LI. rewrite map_length in LI.
    assert (IM : imap f (i ++ [q]) = i ++ [q]).
    { apply (straight_map f 0 [] (i ++ [q])); auto. rewrite app_length. simpl. lia. }
    rewrite IM. apply A. rewrite inb_app by (unfold dims; now rewrite map_length).
    rewrite I. simpl. rewrite Nat.mul_0_r, Nat.add_0_r.
    now rewrite (proj2 (Nat.ltb_lt q m) L). }
  unfold dims at 1 2. cbn [map peval]. rewrite Nat.mul_0_r, Nat.add_0_r, box1, map_map.
  replace (lo, repeat w m) with
    (let r := fold_right (fun q l => w :: l) [] (seq 0 m) in (lo + 0, r)).
  2: { cbv zeta. f_equal; [lia |]. rewrite <- (seq_length m 0) at 2.
       induction (seq 0 m); simpl; congruence. }
  assert (Sum : forall l, (forall q, In q l -> (q < m)%nat) ->
    let s := ssum (map (fun q => sscale 1 (v_low (nth a e vnone) (imap f (i ++ [q])))) l) in
    fst s = 0 /\ map fst (snd s) = fold_right (fun q r => w :: r) [] l).
  { induction l as [| q l IH]; intros L s0; [split; reflexivity |].
    destruct IH as [I1 I2]; [intros; apply L; now right |].
    pose proof (Each q (L q (or_introl eq_refl))) as X. injection X as X1 X2.
    subst s0. cbn [map ssum fold_right]. rewrite fst_sadd, snd_sadd, I1, map_app, I2.
    destruct (v_low (nth a e vnone) (imap f (i ++ [q]))) as [b ws]. simpl in X1, X2. subst b.
    destruct ws as [| [w' l'] [|]]; try discriminate X2. injection X2 as ->.
    split; [reflexivity |]. simpl. f_equal. now destruct w. }
  destruct (Sum (seq 0 m)) as [S1 S2]; [intros q L; apply in_seq in L; lia |].
  rewrite fst_sadd, snd_sadd. cbn [cval] in *. rewrite map_app, S1, S2. reflexivity.
Qed.

(* All elements of a value have its code. *)
Lemma puts_layout p n k sh c : puts p k = Some (sh, c) ->
  let v := nth k (fst (lowered p n)) vnone in
  map (fun s : sum => (fst s, map fst (snd s))) (map (v_low v) (box (v_sh v))) =
    repeat c (prod (dims n sh)).
Proof.
  intros H v. destruct (puts_coded p n k sh c H) as [S E]. fold v in S, E.
  rewrite S, map_map, <- length_box.
  rewrite (map_ext_in _ (fun _ => c)); [induction (box (dims n sh)); simpl; congruence |].
  intros i I. apply E, in_box, I.
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
