(* Serial scaling, as far as circuits go: a chain of T steps, each a circuit that reads input bits
   and what earlier steps put out, for every T. Each step keeps the depth that it has alone, the
   whole has at most the sum, and what it computes are the functions of the steps, one after
   another. Diffusion (the same step T times), a recurrence (n steps for n positions), a looped
   model and chain of thought (step t is another circuit and reads all that came before) are such
   chains.

   What is not said. The bounds are those of the chain as unrolled here. They do not say that the
   function needs this depth, and nothing on classes of problems: with few states another circuit
   has depth O(log n) (Automaton.v proves it of the same function); and under hypotheses of its own
   (an exact score, one diffused token, a right answer that leads by a constant, and more), a
   theorem on diffusion (Liu et al., arXiv 2507.12549; cited, not proved here) has another family,
   non-uniform and of constant depth, decide what a model with steps in TC0 decides. *)
From Coq Require Import List ZArith Bool Arith Lia.
From TC0 Require Import Circuit Lists Gates.
Import ListNotations.

(* ---- chains: what a reader has to trust ---- *)

(* The literals that the outputs of a circuit consist of, in order, and their number. *)
Definition literals (os : list fsum) : list flit := map snd (concat (map snd os)).
Definition width (c : circuit) : nat := length (literals (outs c)).

(* A step may read a bit of the input of the whole chain, or literal j of the outputs of step s,
   both from 0; with true, complemented. *)
Inductive source := External (i : nat) | Earlier (s j : nat).
Definition read := (bool * source)%type.

(* A step: a circuit, and where each of its input bits comes from, in order. *)
Record step := mkStep { cell : circuit; reads : list read }.

(* The complement of a literal, if b. *)
Definition flip (b : bool) (l : flit) : flit := (xorb b (fst l), snd l).

(* A circuit behind a gates: its own gates are numbered from a, its input bit i is literal f i. *)
Section Move.
  Variables (f : nat -> flit) (a : nat).
  Definition move (l : flit) : flit :=
    match snd l with RIn i => flip (fst l) (f i) | RGate g => (fst l, RGate (a + g)) end.
  Definition movew (w : Z * flit) : Z * flit := (fst w, move (snd w)).
  Definition moveg (g : fgate) : fgate :=
    match g with
    | FAnd ls => FAnd (map move ls)
    | FOr ls => FOr (map move ls)
    | FThr ws t => FThr (map movew ws) t
    end.
  Definition moves (s : fsum) : fsum := (fst s, map movew (snd s)).
End Move.

(* The literal that is read: past has the outputs of the steps so far. *)
Definition fed (past : list (list fsum)) (r : read) : flit :=
  match snd r with
  | External i => (fst r, RIn i)
  | Earlier s j => flip (fst r) (nth j (literals (nth s past [])) (false, RIn 0))
  end.

(* The gates so far and the outputs of the steps so far, and one step more. *)
Definition plug (w : list fgate * list (list fsum)) (st : step) :=
  let f := fun i => nth i (map (fed (snd w)) (reads st)) (false, RIn 0) in
  let a := length (fst w) in
  (fst w ++ map (moveg f a) (gates (cell st)), snd w ++ [map (moves f a) (outs (cell st))]).
Definition build (steps : list step) := fold_left plug steps ([], []).

(* The chain as a circuit with ni input bits, whose outputs are those of the last step. *)
Definition chain (ni : nat) (steps : list step) : circuit :=
  mkCircuit ni (fst (build steps)) (last (snd (build steps)) []).

(* A chain is legal if each step is well formed, has a source for each of its inputs, and reads
   input bits in range and literals of earlier steps only. *)
Definition source_ok (ni : nat) (steps : list step) (t : nat) (r : read) : Prop :=
  match snd r with
  | External i => i < ni
  | Earlier s j => s < t /\ j < nth s (map (fun st => width (cell st)) steps) 0
  end.
Definition legal (ni : nat) (steps : list step) : Prop := forall t st,
  nth_error steps t = Some st -> wf (cell st) /\ length (reads st) = inputs (cell st) /\
    Forall (source_ok ni steps t) (reads st).

(* A sum over the steps, such as that of their sizes, and the first gate of step t. *)
Definition sums (f : circuit -> nat) (steps : list step) : nat :=
  list_sum (map (fun st => f (cell st)) steps).
Definition start (steps : list step) (t : nat) : nat := sums size (firstn t steps).

(* The depth of the gates from a up to b, with inputs and gates before a on level 0. *)
Definition part_depth (c : circuit) (a b : nat) : nat :=
  list_max (fold_left (fun ls g => ls ++ [glev ls g]) (firstn (b - a) (skipn a (gates c)))
    (repeat 0 a)).

(* ---- what a chain means ---- *)

(* The values of the literals of a circuit's outputs. *)
Definition bits (c : circuit) (x : nat -> bool) : list bool :=
  map (lval x (run x (gates c))) (literals (outs c)).

(* What a step reads, for input bits x, if the steps so far put out the bits h. *)
Definition heard (x : nat -> bool) (h : list (list bool)) (r : read) : bool :=
  xorb (fst r) match snd r with External i => x i | Earlier s j => nth j (nth s h []) false end.
Definition input x h (st : step) (i : nat) : bool := nth i (map (heard x h) (reads st)) false.

(* The bits that each step puts out, one step after another, by its own circuit alone. *)
Definition play (x : nat -> bool) (steps : list step) : list (list bool) :=
  fold_left (fun h st => h ++ [bits (cell st) (input x h st)]) steps [].

(* The numbers that bits stand for, with the constants and weights of the outputs os. *)
Fixpoint decode (os : list fsum) (v : list bool) : list Z :=
  match os with
  | [] => []
  | (b, ws) :: r =>
    (b + wsum (fun a => a) (combine (map fst ws) v))%Z :: decode r (skipn (length ws) v)
  end.

(* The numbers of all steps so far. *)
Fixpoint numbers (steps : list step) (h : list (list bool)) : list (list Z) :=
  match steps, h with
  | st :: steps, v :: h => decode (outs (cell st)) v :: numbers steps h
  | _, _ => []
  end.

(* The states of a serial computation: state t is F t of all states before. *)
Definition states (F : nat -> list (list Z) -> list Z) (T : nat) : list (list Z) :=
  fold_left (fun h t => h ++ [F t h]) (seq 0 T) [].

(* ---- gates behind gates ---- *)

(* One gate more, as values and as levels. *)
Definition vstep x := fun vs g => vs ++ [gval x vs g].
Definition lstep := fun ls g => ls ++ [glev ls g].

(* A complement flips the value. *)
Lemma lval_flip x vs b l : lval x vs (flip b l) = xorb b (lval x vs l).
Proof. unfold lval, flip; simpl. now rewrite xorb_assoc. Qed.

(* The wires of a gate are those of its literals. *)
Lemma gargs_moveg f a g :
  gargs (moveg f a g) = map snd (map (move f a) match g with
    | FAnd ls | FOr ls => ls | FThr ws _ => map snd ws end).
Proof. destruct g; simpl; rewrite ?map_map; auto. Qed.

(* Related lists have one length. *)
Lemma Forall2_len {A B} (R : A -> B -> Prop) l m : Forall2 R l m -> length l = length m.
Proof. induction 1; simpl; auto. Qed.

Section Behind.
  (* A feeding for m input bits from ni input bits and a gates. *)
  Variables (ni m a : nat) (f : nat -> flit).
  Hypothesis Hf : forall i, i < m -> ref_ok ni a (snd (f i)).

  (* A moved literal reads its input bit or its own gate. *)
  Lemma move_ok k l : ref_ok m k (snd l) -> ref_ok ni (a + k) (snd (move f a l)).
  Proof.
    destruct l as [b [i | g]]; simpl; intro H; [| lia].
    apply (ref_later _ a); [auto | lia].
  Qed.

  (* The greatest of a list is monotone. *)
  Lemma list_max_rel k l l' :
    Forall2 (fun v u => v <= u <= k + v) l l' -> list_max l <= list_max l' <= k + list_max l.
  Proof. induction 1; simpl; lia. Qed.

  (* A moved gate is no lower than alone, and at most k higher if all before are at most at k. *)
  Lemma glev_moveg k ls us vs g : length ls = a -> Forall (fun v => v <= k) ls ->
    Forall2 (fun v u => v <= u <= k + v) vs us -> Forall (ref_ok m (length us)) (gargs g) ->
    glev vs g <= glev (ls ++ us) (moveg f a g) <= k + glev vs g.
  Proof.
    intros L K V R. unfold glev. rewrite gargs_moveg.
    enough (E : Forall2 (fun v u => v <= u <= k + v) (map (rlev vs) (gargs g))
      (map (rlev (ls ++ us)) (map snd (map (move f a) match g with
        | FAnd l | FOr l => l | FThr ws _ => map snd ws end))))
      by (apply list_max_rel in E; lia).
    assert (One : forall l, ref_ok m (length us) (snd l) ->
      rlev vs (snd l) <= rlev (ls ++ us) (snd (move f a l)) <= k + rlev vs (snd l)).
    { intros [b [i | h]] H; cbn [move snd fst ref_ok flip rlev] in *.
      - pose proof (Hf i H) as F. destruct (f i) as [b' [j | j]]; simpl in *; [lia |].
        rewrite app_nth1 by lia. rewrite Forall_forall in K.
        assert (J : j < length ls) by lia. specialize (K _ (nth_In ls 0 J)). lia.
      - rewrite app_nth2 by lia. replace (a + h - length ls) with h by lia.
        revert h H. clear R. induction V; intros q Q; simpl in *; [lia |].
        destruct q; [lia | apply IHV; lia]. }
    destruct g as [l | l | ws t]; simpl in *.
    1, 2: induction l as [| b l IH]; simpl in *; constructor; inversion_clear R; auto.
    induction ws as [| w ws IH]; simpl in *; constructor; inversion_clear R; auto.
  Qed.

  (* Moved gates are no lower than alone, and at most k higher. *)
  Lemma levels_move k ls gs : length ls = a -> Forall (fun v => v <= k) ls -> ordered m gs ->
    exists us, fold_left lstep (map (moveg f a) gs) ls = ls ++ us /\
      Forall2 (fun v u => v <= u <= k + v) (levels gs) us.
  Proof.
    intros L K. induction gs as [| g gs IH] using rev_ind; intro O.
    - exists []. simpl. rewrite app_nil_r. repeat constructor.
    - apply ordered_snoc in O. destruct O as [O R]. destruct IH as (us & E & F); auto.
      exists (us ++ [glev (ls ++ us) (moveg f a g)]).
      rewrite map_app, fold_left_app, levels_snoc. simpl. rewrite E. unfold lstep.
      split; [now rewrite app_assoc |]. apply Forall2_app; auto.
      constructor; [| constructor]. apply glev_moveg; auto.
      now rewrite <- (Forall2_len _ _ _ F), levels_length.
  Qed.

  (* Moved gates read earlier ones only. *)
  Lemma ordered_move G gs : length G = a -> ordered ni G -> ordered m gs ->
    ordered ni (G ++ map (moveg f a) gs).
  Proof.
    intros L OG. induction gs as [| g gs IH] using rev_ind; intro O; [now rewrite app_nil_r |].
    apply ordered_snoc in O. destruct O as [O R].
    rewrite map_app, app_assoc. apply ordered_snoc. split; auto.
    rewrite app_length, map_length, L, gargs_moveg.
    apply Forall_map, Forall_map.
    destruct g as [l | l | ws t]; simpl in *; rewrite Forall_map in *.
    all: eapply Forall_impl; [| exact R]; intros; now apply move_ok.
  Qed.

  (* Input bits x, the values vs of a gates, and what the feeding makes of them. *)
  Variables (x y : nat -> bool) (vs : list bool).
  Hypothesis L : length vs = a.
  Hypothesis Hy : forall i, i < m -> lval x vs (f i) = y i.

  (* A moved literal has the value that it had. *)
  Lemma lval_move us l : ref_ok m (length us) (snd l) ->
    lval x (vs ++ us) (move f a l) = lval y us l.
  Proof.
    destruct l as [b [i | g]]; cbn [move snd fst ref_ok]; intro H.
    - rewrite lval_flip, (lval_app ni), Hy; [reflexivity | auto |]. rewrite L. auto.
    - unfold lval; simpl. rewrite app_nth2 by lia. do 2 f_equal. lia.
  Qed.

  (* A moved gate has the value that it had. *)
  Lemma gval_moveg us g : Forall (ref_ok m (length us)) (gargs g) ->
    gval x (vs ++ us) (moveg f a g) = gval y us g.
  Proof.
    destruct g as [ls | ls | ws t]; simpl; intro H; rewrite Forall_map in H.
    - induction H; simpl; auto. rewrite lval_move; auto. f_equal; auto.
    - induction H; simpl; auto. rewrite lval_move; auto. f_equal; auto.
    - f_equal. symmetry. apply wsum_ext. intros w W. symmetry.
      apply lval_move; auto. rewrite Forall_forall in H. apply H, W.
  Qed.

  (* Moved gates have the values that they had. *)
  Lemma run_move gs : ordered m gs ->
    fold_left (vstep x) (map (moveg f a) gs) vs = vs ++ run y gs.
  Proof.
    induction gs as [| g gs IH] using rev_ind; intro O; [simpl; now rewrite app_nil_r |].
    apply ordered_snoc in O. destruct O as [O R].
    rewrite map_app, fold_left_app, run_snoc. simpl. rewrite IH by auto.
    unfold vstep. rewrite <- app_assoc. do 2 f_equal.
    f_equal. apply gval_moveg; auto. now rewrite run_length.
  Qed.
End Behind.
