(* Three kinds of serial models as chains of circuits (Serial.v), for every number T of steps: the
   same step T times (diffusion with its noise as input, looped models), the same step at each of
   n positions (recurrent networks), and a step of its own for each t that reads the input and all
   that came before (chain of thought, where the sequence grows).

   The depths are those of the chains as unrolled here; Chain.v says what does not follow. *)
From Coq Require Import List ZArith Bool Arith Lia.
From TC0 Require Import Circuit Lists Chain Serial.
Import ListNotations.

(* ---- the three kinds: what a reader has to trust ---- *)

(* Reading some input bits, and all literals of a step of the given width. *)
Definition externals (is : list nat) : list read := map (fun i => (false, External i)) is.
Definition outputs (s width : nat) : list read := map (fun j => (false, Earlier s j)) (seq 0 width).

(* T steps that hand on a state: step t is the circuit cs t, and reads the input bits ext t (such as
   the prompt, and the noise of step t), then the state: the literals of the step before, and for
   the first the bits init. As each step is a circuit of its own, it may know its t. *)
Definition handed (cs : nat -> circuit) (ext : nat -> list nat) (init : list nat) (T : nat) :=
  map (fun t => mkStep (cs t) (externals (ext t) ++
    match t with 0 => externals init | S s => outputs s (width (cs s)) end)) (seq 0 T).

(* The same step T times. *)
Definition repeated (c : circuit) := handed (fun _ => c).

(* The state after T steps, if step t takes a state by f t to the next. *)
Fixpoint iterate (f : nat -> list Z -> list Z) (z : list Z) (T : nat) : list Z :=
  match T with 0 => z | S t => f t (iterate f z t) end.

(* A recurrence over n positions with p bits each: the input is the first state, then the bits of
   position 0, and so on. *)
Definition recurrence (c : circuit) (p n : nat) : circuit :=
  chain (width c + n * p)
    (repeated c (fun t => seq (width c + t * p) p) (seq 0 (width c)) n).

(* Chain of thought: step t is the circuit cs t, and reads all ni input bits and then the literals
   of all steps before, in order. *)
Definition thoughts (ni : nat) (cs : nat -> circuit) (T : nat) : list step :=
  map (fun t => mkStep (cs t) (externals (seq 0 ni) ++
    concat (map (fun s => outputs s (width (cs s))) (seq 0 t)))) (seq 0 T).

(* Input bits from a list. *)
Definition from (v : list bool) (i : nat) : bool := nth i v false.

(* ---- lists of steps ---- *)

(* The steps by their numbers. *)
Lemma nth_steps (f : nat -> step) T t st :
  nth_error (map f (seq 0 T)) t = Some st <-> t < T /\ st = f t.
Proof.
  split.
  - intro E. assert (L : t < T)
      by (rewrite <- (seq_length T 0), <- (map_length f); apply nth_error_Some; congruence).
    split; auto. rewrite nth_error_map, (nth_error_nth' _ 0), seq_nth in E
      by (rewrite ?seq_length; auto).
    now injection E.
  - intros [L ->]. rewrite nth_error_map, (nth_error_nth' _ 0), seq_nth
      by (rewrite ?seq_length; auto). reflexivity.
Qed.

(* The widths of the steps by their numbers. *)
Lemma nth_width (f : nat -> step) T s : s < T ->
  nth s (map (fun st => width (cell st)) (map f (seq 0 T))) 0 = width (cell (f s)).
Proof.
  intro H. rewrite map_map, (nth_indep _ 0 (width (cell (f 0))))
    by (now rewrite map_length, seq_length).
  rewrite (map_nth (fun x => width (cell (f x)))), seq_nth; auto.
Qed.

(* A sum over steps with the same circuit. *)
Lemma sums_same g c (f : nat -> step) : (forall t, cell (f t) = c) ->
  forall l, sums g (map f l) = length l * g c.
Proof. intros H l. unfold sums. rewrite map_map. induction l; simpl; auto. now rewrite IHl, H. Qed.

(* A sum over steps that are bounded. *)
Lemma sums_bound g D steps : Forall (fun st => g (cell st) <= D) steps ->
  sums g steps <= length steps * D.
Proof. unfold sums. induction 1; simpl; lia. Qed.

(* Input bits and outputs as they are heard. *)
Lemma heard_externals x h is : map (heard x h) (externals is) = map x is.
Proof. unfold externals. rewrite map_map. apply map_ext. intro. apply xorb_false_l. Qed.
Lemma heard_outputs x h s w : length (nth s h []) = w ->
  map (heard x h) (outputs s w) = nth s h [].
Proof.
  intros <-. unfold outputs. rewrite map_map.
  transitivity (map (fun j => nth j (nth s h []) false) (seq 0 (length (nth s h [])))).
  - apply map_ext. intro. apply xorb_false_l.
  - generalize (nth s h []). induction l as [| a l IH]; simpl; auto.
    f_equal. rewrite <- IH at 2. rewrite <- seq_shift, map_map. now apply map_ext.
Qed.

(* The numbers of a step are those of its bits. *)
Lemma nth_numbers steps h s st : nth_error steps s = Some st -> s < length h ->
  nth s (numbers steps h) [] = decode (outs (cell st)) (nth s h []).
Proof.
  revert h s. induction steps as [| a steps IH]; intros [| u h] [| s]; simpl; try easy.
  - intro E. injection E as ->. auto.
  - intros E L. apply IH; auto. lia.
Qed.

(* The numbers of all steps, by their numbers. *)
Lemma numbers_seq f h : forall a T, length h <= T -> numbers (map f (seq a T)) h =
  map (fun s => decode (outs (cell (f (a + s)))) (nth s h [])) (seq 0 (length h)).
Proof.
  induction h as [| v h IH]; intros a [| T] L; simpl in *; try easy.
  rewrite Nat.add_0_r. f_equal. rewrite IH, <- seq_shift, map_map by lia. apply map_ext. intro s.
  now replace (a + S s) with (S a + s) by lia.
Qed.

(* Bits that agree give the same values. *)
Lemma run_ext x y gs : (forall i, x i = y i) -> run x gs = run y gs.
Proof.
  intro E. assert (L : forall vs l, lval x vs l = lval y vs l)
    by (intros vs [b [i | g]]; unfold lval; simpl; now rewrite ?E).
  induction gs as [| g gs IH] using rev_ind; auto. rewrite !run_snoc, IH. f_equal. f_equal.
  destruct g as [l | l | ws t]; simpl.
  - induction l; simpl; now rewrite ?L, ?IHl.
  - induction l; simpl; now rewrite ?L, ?IHl.
  - f_equal. induction ws as [| [w l] ws IW]; simpl; now rewrite ?L, ?IW.
Qed.
Lemma bits_ext c x y : (forall i, x i = y i) -> bits c x = bits c y.
Proof.
  intro E. unfold bits. rewrite (run_ext x y) by auto. apply map_ext.
  intros [b [i | g]]; unfold lval; simpl; now rewrite ?E.
Qed.
Lemma eval_ext c x y : (forall i, x i = y i) -> eval c x = eval c y.
Proof. intro E. now rewrite !eval_decode, (bits_ext c x y). Qed.

(* A circuit puts out as many bits as it has literals. *)
Lemma bits_length c x : length (bits c x) = width c.
Proof. apply map_length. Qed.

(* ---- a state that is handed on ---- *)

(* What is assumed of a circuit that takes bits e and a state to the next state by f: whenever v is
   a legal code, it computes f e of the numbers that v stands for in the outputs os of the step
   before, and the bits that it puts out are a legal code again. *)
Definition takes (os : list fsum) (c : circuit) (valid valid' : list bool -> Prop)
    (f : list bool -> list Z -> list Z) : Prop :=
  forall e v, length e + length v = inputs c -> length v = length (literals os) -> valid v ->
    eval c (from (e ++ v)) = f e (decode os v) /\ valid' (bits c (from (e ++ v))).

(* The code of the state before step t, if the first state is in the code of os. *)
Definition code (os : list fsum) (cs : nat -> circuit) (t : nat) : list fsum :=
  match t with 0 => os | S s => outs (cs s) end.

(* Steps that hand on a state are legal. *)
Lemma handed_legal ni cs ext os init T :
  Forall (fun i => i < ni) init -> length init = length (literals os) ->
  (forall t, t < T -> wf (cs t) /\
    length (ext t) + length (literals (code os cs t)) = inputs (cs t) /\
    Forall (fun i => i < ni) (ext t)) ->
  legal ni (handed cs ext init T).
Proof.
  intros I LI X t st E. apply nth_steps in E. destruct E as [L ->]. simpl.
  destruct (X t L) as (W & LX & FX). split; auto.
  assert (Ext : forall is, Forall (fun i => i < ni) is ->
    Forall (source_ok ni (handed cs ext init T) t) (externals is))
    by (intros is F; apply Forall_map; exact F).
  split.
  - rewrite app_length. unfold externals at 1. rewrite map_length, <- LX. f_equal.
    destruct t; unfold externals, outputs; rewrite map_length, ?seq_length; auto.
  - apply Forall_app. split; auto. destruct t; auto.
    apply Forall_map, Forall_forall. intros j J. apply in_seq in J.
    unfold source_ok; simpl. unfold handed. rewrite nth_width by lia. simpl. lia.
Qed.

(* T steps of depth at most D make a chain of depth at most T * D, with the gates and wires of all;
   within it each step is as deep as alone; and the functions of the steps, one after another, are
   what is computed. *)
Theorem handed_ok ni cs ext os init T D :
  1 <= T -> Forall (fun i => i < ni) init -> length init = length (literals os) ->
  (forall t, t < T -> wf (cs t) /\ depth (cs t) <= D /\
    length (ext t) + length (literals (code os cs t)) = inputs (cs t) /\
    Forall (fun i => i < ni) (ext t)) ->
  let steps := handed cs ext init T in
  let k := chain ni steps in
  wf k /\ depth k <= T * D /\
  size k = list_sum (map (fun t => size (cs t)) (seq 0 T)) /\
  wires k = list_sum (map (fun t => wires (cs t)) (seq 0 T)) /\
  (forall t, t < T -> part_depth k (start steps t) (start steps (S t)) = depth (cs t)) /\
  forall valid f x,
    (forall t, t < T -> takes (code os cs t) (cs t) (valid t) (valid (S t)) (f t)) ->
    valid 0 (map x init) ->
    eval k x = iterate (fun t => f t (map x (ext t))) (decode os (map x init)) T.
Proof.
  intros T1 I LI X steps k.
  assert (H : legal ni steps).
  { apply (handed_legal _ _ _ os); auto. intros t L. destruct (X t L) as (W & _ & R). auto. }
  destruct (chain_ok _ _ H) as (A1 & A2 & A3 & A4 & A5 & A6). fold k in A1, A2, A3, A4, A5, A6.
  assert (Len : length steps = T) by (unfold steps, handed; now rewrite map_length, seq_length).
  split; [exact A1 |]. split.
  { pose proof (sums_bound depth D steps) as B. rewrite Len in B.
    rewrite A4. apply B, Forall_forall.
    intros st S. apply In_nth_error in S. destruct S as [t E]. apply nth_steps in E.
    destruct E as [L ->]. simpl. now apply X. }
  split. { rewrite A2. unfold sums, steps, handed. now rewrite map_map. }
  split. { rewrite A3. unfold sums, steps, handed. now rewrite map_map. }
  split. { intros t L. exact (A5 t _ (proj2 (nth_steps _ _ _ _) (conj L eq_refl))). }
  intros valid f x C V.
  set (F := fun t (h : list (list Z)) => f t (map x (ext t))
    match t with 0 => decode os (map x init) | S s => nth s h [] end).
  unfold k. rewrite (chain_states ni _
    (fun t v => length v = width (cs t) /\ valid (S t) v) F x H).
  - rewrite Len. clear - T1.
    assert (Count : forall n, length (states F n) = n).
    { induction n; auto. rewrite states_snoc, app_length, IHn. simpl. lia. }
    assert (Last : forall n, last (states F (S n)) [] =
      iterate (fun t => f t (map x (ext t))) (decode os (map x init)) (S n)).
    { induction n as [| n IH]; auto. rewrite states_snoc, last_last.
      unfold F at 1. simpl. f_equal. rewrite states_snoc, last_last in IH.
      rewrite states_snoc, app_nth2, Count, Nat.sub_diag by (rewrite Count; lia). exact IH. }
    destruct T; [lia | apply Last].
  - intros t st h E L Q. apply nth_steps in E. destruct E as [LT ->]. cbn [cell].
    destruct (X t LT) as (_ & _ & LX & _).
    assert (V' : exists v, length v = length (literals (code os cs t)) /\ valid t v /\
      (forall i, input x h (mkStep (cs t) (externals (ext t) ++
        match t with 0 => externals init | S s => outputs s (width (cs s)) end)) i =
        from (map x (ext t) ++ v) i) /\
      decode (code os cs t) v = match t with 0 => decode os (map x init)
        | S s => nth s (numbers steps h) [] end).
    { destruct t as [| s].
      - exists (map x init). rewrite map_length. repeat split; auto.
        intro i. unfold input, from; simpl. now rewrite map_app, !heard_externals.
      - destruct (Q s) as [QL QV]; auto. exists (nth s h []). repeat split; auto.
        + intro i. unfold input, from. cbn [reads].
          now rewrite map_app, heard_externals, heard_outputs.
        + symmetry. apply nth_numbers with (st := mkStep (cs s) (externals (ext s) ++
            match s with 0 => externals init | S s => outputs s (width (cs s)) end)); [| lia].
          apply nth_steps. split; [lia | reflexivity]. }
    destruct V' as (v & LV & VV & EI & ED).
    destruct (C t LT (map x (ext t)) v) as [C1 C2]; auto; [now rewrite map_length, LV |].
    rewrite (eval_ext _ _ _ EI), (bits_ext _ _ _ EI). split; [| split; auto; apply bits_length].
    rewrite C1. unfold F. now rewrite ED.
  - intro N. rewrite N in Len. simpl in Len. lia.
Qed.
Print Assumptions handed_ok.

(* ---- the same step ---- *)

(* The same step T times is T times as large and at most T times as deep; within the whole, each
   step is as deep as alone; and T times the function of the step is what is computed. *)
Theorem repeated_ok ni c ext init T :
  wf c -> 1 <= T -> Forall (fun i => i < ni) init -> length init = width c ->
  (forall t, t < T -> length (ext t) + width c = inputs c /\ Forall (fun i => i < ni) (ext t)) ->
  let k := chain ni (repeated c ext init T) in
  wf k /\ size k = T * size c /\ wires k = T * wires c /\ depth k <= T * depth c /\
  (forall t, t < T -> part_depth k (t * size c) (S t * size c) = depth c) /\
  forall valid f x, takes (outs c) c valid valid f -> valid (map x init) ->
    eval k x = iterate (fun t => f (map x (ext t))) (decode (outs c) (map x init)) T.
Proof.
  intros W T1 I LI X k.
  assert (Co : forall t, code (outs c) (fun _ => c) t = outs c) by now intros [| t].
  destruct (handed_ok ni (fun _ => c) ext (outs c) init T (depth c)) as
    (A1 & A2 & A3 & A4 & A5 & A6); auto.
  { intros t L. rewrite Co. destruct (X t L) as [LX FX].
    exact (conj W (conj (le_n _) (conj LX FX))). }
  change (chain _ _) with k in A1, A2, A3, A4, A5, A6.
  assert (Sum : forall (g : nat) (l : list nat), list_sum (map (fun _ => g) l) = length l * g)
    by (intro g; induction l as [| t l IH]; simpl; auto; now rewrite IH).
  rewrite Sum, seq_length in A3, A4. repeat (split; auto).
  - assert (At : forall t, t <= T -> start (repeated c ext init T) t = t * size c).
    { intros t L. unfold start, repeated, handed.
      rewrite firstn_map, (sums_same size c) by auto.
      f_equal. rewrite firstn_length, seq_length. lia. }
    intros t L. rewrite <- !At by lia. now apply A5.
  - intros valid f x C V. apply (A6 (fun _ => valid) (fun _ => f)); auto.
    intros t _. now rewrite Co.
Qed.
Print Assumptions repeated_ok.

(* ---- recurrences ---- *)

(* A recurrence over n positions is one with T = n: depth at most n times that of its step. *)
Theorem recurrence_ok c p n : wf c -> inputs c = p + width c -> 1 <= n ->
  let k := recurrence c p n in
  wf k /\ size k = n * size c /\ wires k = n * wires c /\ depth k <= n * depth c /\
  (forall t, t < n -> part_depth k (t * size c) (S t * size c) = depth c) /\
  forall valid f x, takes (outs c) c valid valid f -> valid (map x (seq 0 (width c))) ->
    eval k x = iterate (fun t => f (map x (seq (width c + t * p) p)))
      (decode (outs c) (map x (seq 0 (width c)))) n.
Proof.
  intros W I N. apply repeated_ok; auto.
  - apply Forall_forall. intros i Hi. apply in_seq in Hi. lia.
  - apply seq_length.
  - intros t L. rewrite seq_length. split; [lia |].
    apply Forall_forall. intros i Hi. apply in_seq in Hi. nia.
Qed.
Print Assumptions recurrence_ok.

(* ---- chain of thought ---- *)

(* The literals of all steps before t, counted. *)
Definition before (cs : nat -> circuit) (t : nat) : nat :=
  list_sum (map (fun s => width (cs s)) (seq 0 t)).

(* What is assumed of step t of a chain of thought: whenever the bits h of the steps before are
   legal codes, it computes F t of the input bits e and of all numbers before, as a legal code. *)
Definition thinks (ni : nat) (cs : nat -> circuit) (valid : nat -> list bool -> Prop)
    (F : nat -> list bool -> list (list Z) -> list Z) (T : nat) : Prop :=
  forall t e h, t < T -> length e = ni -> length h = t ->
    (forall s, s < t -> length (nth s h []) = width (cs s) /\ valid s (nth s h [])) ->
    eval (cs t) (from (e ++ concat h)) =
      F t e (map (fun s => decode (outs (cs s)) (nth s h [])) (seq 0 t)) /\
    valid t (bits (cs t) (from (e ++ concat h))).

(* T steps of depth at most D each, which read all that came before, make a chain of depth at most
   T * D; each step has, within it, the depth that it has alone; and the last state is computed. *)
Theorem thoughts_ok ni cs T D : 1 <= T ->
  (forall t, t < T -> wf (cs t) /\ inputs (cs t) = ni + before cs t /\ depth (cs t) <= D) ->
  let k := chain ni (thoughts ni cs T) in
  wf k /\ depth k <= T * D /\ size k = list_sum (map (fun t => size (cs t)) (seq 0 T)) /\
  (forall t, t < T ->
    part_depth k (start (thoughts ni cs T) t) (start (thoughts ni cs T) (S t)) = depth (cs t)) /\
  forall valid F x, thinks ni cs valid F T ->
    eval k x = last (states (fun t => F t (map x (seq 0 ni))) T) [].
Proof.
  intros T1 X k.
  assert (H : legal ni (thoughts ni cs T)).
  { intros t st E. apply nth_steps in E. destruct E as [L ->]. simpl.
    destruct (X t L) as (W & I & _). split; auto. split.
    - rewrite app_length. unfold externals. rewrite map_length, seq_length, I. f_equal.
      unfold before. clear. induction t as [| t IH]; auto.
      rewrite seq_S, !map_app, concat_app, app_length, list_sum_app, IH. simpl.
      unfold outputs. rewrite app_nil_r, map_length, seq_length. lia.
    - apply Forall_app. split.
      + apply Forall_map, Forall_forall. intros i Hi. apply in_seq in Hi. simpl.
        unfold source_ok; simpl. lia.
      + apply Forall_concat, Forall_map, Forall_forall. intros s S. apply in_seq in S.
        apply Forall_map, Forall_forall. intros j J. apply in_seq in J.
        unfold source_ok; simpl. unfold thoughts. rewrite nth_width by lia. simpl. lia. }
  destruct (chain_ok _ _ H) as (A1 & A2 & A3 & A4 & A5 & A6). fold k in A1, A2, A3, A4, A5, A6.
  assert (Len : length (thoughts ni cs T) = T)
    by (unfold thoughts; now rewrite map_length, seq_length).
  split; [exact A1 |]. split.
  { pose proof (sums_bound depth D (thoughts ni cs T)) as B. rewrite Len in B.
    rewrite A4. apply B, Forall_forall.
    intros st S. apply In_nth_error in S. destruct S as [t E]. apply nth_steps in E.
    destruct E as [L ->]. simpl. now apply X. }
  split. { rewrite A2. unfold sums, thoughts. now rewrite map_map. }
  split. { intros t L. exact (A5 t _ (proj2 (nth_steps _ _ _ _) (conj L eq_refl))). }
  intros valid F x C. unfold k.
  rewrite (chain_states ni _ (fun s v => length v = width (cs s) /\ valid s v)
    (fun t => F t (map x (seq 0 ni))) x H); [now rewrite Len | |].
  - intros t st h E L Q. apply nth_steps in E. destruct E as [LT ->]. cbn [cell].
    destruct (C t (map x (seq 0 ni)) h) as [C1 C2]; auto; [now rewrite map_length, seq_length |].
    assert (EI : forall i, input x h (mkStep (cs t) (externals (seq 0 ni) ++
      concat (map (fun s => outputs s (width (cs s))) (seq 0 t)))) i =
      from (map x (seq 0 ni) ++ concat h) i).
    { intro i. unfold input, from. cbn [reads]. rewrite map_app, heard_externals. do 2 f_equal.
      rewrite concat_map, map_map. f_equal. transitivity (map (fun s => nth s h []) (seq 0 t)).
      - apply map_ext_in. intros s S. apply in_seq in S. apply heard_outputs. apply Q. lia.
      - subst t. clear. induction h as [| a l IH]; simpl; auto.
        f_equal. rewrite <- IH at 2. rewrite <- seq_shift, map_map. now apply map_ext. }
    rewrite (eval_ext _ _ _ EI), (bits_ext _ _ _ EI).
    split; [| split; auto; apply bits_length].
    rewrite C1. f_equal.
    unfold thoughts. rewrite numbers_seq by lia. now rewrite L.
  - intro N. rewrite N in Len. simpl in Len. lia.
Qed.
Print Assumptions thoughts_ok.
